/* Requests to the kernel over rtnetlink, and its notifications; links, routes and neighbours come from them. */
#ifndef SONDE_IO_NETLINK_H
#define SONDE_IO_NETLINK_H

#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"
#include "base/time.h"

struct nlattr;
struct nlmsghdr;
struct sonde_netlink;

/* Open an rtnetlink socket, which needs no privilege. Returns 0 or a negated errno; *out is for sonde_netlink_close. */
int sonde_netlink_open(struct sonde_netlink **out, struct sonde_error *e);
void sonde_netlink_close(struct sonde_netlink *n); /* NULL is fine */

/* Called with each message; 0 goes on, a negative code ends the walk and is returned. */
typedef int sonde_netlink_each(const struct nlmsghdr *message, void *context);

/* Start a request in the buffer of n: a message of `type` with a body of body_len zero bytes (mnl_nlmsg_get_payload
 * gives it), to which the caller adds up to 512 bytes of attributes. flags: NLM_F_DUMP for a list, NLM_F_CREATE and the
 * like. Valid until the next call. */
struct nlmsghdr *sonde_netlink_request(struct sonde_netlink *n, uint16_t type, uint16_t flags, size_t body_len);
/* Send the request and hand every message of the answer to each (which may be NULL). Returns 0, the kernel's refusal
 * as a negated errno, -EINTR when a list changed while it was read (ask again), or what each returned. */
int sonde_netlink_ask(struct sonde_netlink *n, sonde_netlink_each *each, void *context);

/* Readable when there are notifications. */
int sonde_netlink_fd(const struct sonde_netlink *n);

/* Wait for notifications until the monotonic clock says `until`, and hand one datagram of them to each. Returns 0 when
 * there were some; -ETIMEDOUT; -ENOBUFS when some were lost; or what each returned. */
int sonde_netlink_wait(struct sonde_netlink *n, sonde_time until, sonde_netlink_each *each, void *context);

/* Sort the attributes behind a message's body, or those nested in an attribute, by type: table[type] for types below n,
 * NULL where there is none. They live as long as the message. */
void sonde_netlink_attrs(const struct nlattr **table, size_t n, const struct nlmsghdr *message, size_t body_len);
void sonde_netlink_nested(const struct nlattr **table, size_t n, const struct nlattr *attr);

/* The address in an attribute of 4 or 16 bytes, of family 0 for any other length. The scope of a link-local IPv6
 * address is ifindex. */
struct sonde_addr sonde_netlink_addr(const struct nlattr *attr, uint32_t ifindex);
/* AF_INET, AF_INET6, or AF_UNSPEC for no address. */
uint8_t sonde_netlink_family(const struct sonde_addr *a);

#endif
