/*
 * scan: the fields of an encoded protobuf message, one after another, without unpacking it.
 */
#ifndef WIRE_SCAN_H
#define WIRE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scan_field {
	uint64_t id;
	const uint8_t *value; /* of those with a length; NULL for numbers */
	size_t len;
	uint64_t number; /* of a varint */
};

/* The field at *p, which is advanced behind it. False when what stands there is none. */
bool scan_field(const uint8_t **p, const uint8_t *end, struct scan_field *);

#endif
