/* Asking the kernel over rtnetlink: what links, routes and neighbours are made of. */
#ifndef SONDE_IO_NETLINK_H
#define SONDE_IO_NETLINK_H

#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"

struct nlattr;
struct nlmsghdr;
struct sonde_netlink;

/* Open a conversation; groups is a mask of RTMGRP_* whose news it receives, 0 for none. Needs no privilege.
 * Returns 0 or a negated errno; *out is for sonde_netlink_close. */
int sonde_netlink_open(struct sonde_netlink **out, uint32_t groups, struct sonde_error *e);
void sonde_netlink_close(struct sonde_netlink *n); /* NULL is fine */

/* Called with each message; 0 goes on, a negative code ends the walk and is returned. */
typedef int sonde_netlink_each(const struct nlmsghdr *message, void *context);

/* Start a request in the conversation's own buffer: an rtnetlink message of `type` with a body of body_len zero bytes
 * (mnl_nlmsg_get_payload gives it), to which the caller adds attributes: 512 bytes of them fit. flags: NLM_F_DUMP for
 * a list, NLM_F_CREATE and the like; the request flag is always set, and the acknowledgement wherever there is no list.
 * Valid until the next call. */
struct nlmsghdr *sonde_netlink_request(struct sonde_netlink *n, uint16_t type, uint16_t flags, size_t body_len);

/* Send the request and hand every message of the answer to each (which may be NULL). Returns 0, the kernel's refusal
 * as a negated errno, -EINTR when a list changed while it was read (ask again), or what each returned. */
int sonde_netlink_ask(struct sonde_netlink *n, sonde_netlink_each *each, void *context);

/* Let waits end as soon as a descriptor, which stays the caller's, is readable: a signal, for instance. -1: none. */
void sonde_netlink_stop_at(struct sonde_netlink *n, int fd);
int sonde_netlink_stop_fd(const struct sonde_netlink *n);

/* Hand the news that wait within timeout_ns to each: returns 0 when there were some, -ETIMEDOUT, -ENOBUFS when some
 * were lost, -ECANCELED when the wait was ended, or what each returned. */
int sonde_netlink_wait(struct sonde_netlink *n, int64_t timeout_ns, sonde_netlink_each *each, void *context);

/* The attributes of a message behind its body, or those within an attribute, by type: table[type] for the types below
 * n, NULL for what is not there. They live as long as what they are in. */
void sonde_netlink_attrs(const struct nlattr **table, size_t n, const struct nlmsghdr *message, size_t body_len);
void sonde_netlink_nested(const struct nlattr **table, size_t n, const struct nlattr *attr);

/* The address in an attribute of 4 or 16 bytes; none for any other length. The scope is ifindex where the address is
 * link-local, else 0. */
struct sonde_addr sonde_netlink_addr(const struct nlattr *attr, uint32_t ifindex);
/* AF_INET, AF_INET6, or AF_UNSPEC for no address. */
uint8_t sonde_netlink_family(const struct sonde_addr *a);

#endif
