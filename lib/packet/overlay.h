/* A packet written over others. */
#ifndef SONDE_PACKET_OVERLAY_H
#define SONDE_PACKET_OVERLAY_H

#include "packet/spec.h"

/* Make out (reset first) from base with over on top: each layer of over is laid on the next layer of base of the same
 * protocol, its fields in place of those of the same name, its data in place of the data; a layer that base does not
 * have is put in behind the one before it. Where base does not have the first layer of over, out is base.
 * Returns 0, -ENOMEM, or SONDE_E_LAYERS. */
int sonde_spec_overlay(struct sonde_spec *out, const struct sonde_spec *base, const struct sonde_spec *over);

#endif
