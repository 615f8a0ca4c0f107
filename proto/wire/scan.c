#include "wire/scan.h"

/* Reads a varint of at most ten bytes; advances *p. */
static bool varint(const uint8_t **p, const uint8_t *end, uint64_t *out)
{
	*out = 0;
	for (unsigned shift = 0; *p < end && shift < 70; shift += 7) {
		uint8_t byte = *(*p)++;
		*out |= (uint64_t)(byte & 0x7F) << (shift < 64 ? shift : 63);
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

bool scan_field(const uint8_t **p, const uint8_t *end, struct scan_field *f)
{
	uint64_t key, n = 0;
	if (!varint(p, end, &key))
		return false;
	*f = (struct scan_field){.id = key >> 3};
	switch (key & 7) {
	case 0:
		return varint(p, end, &f->number);
	case 1:
		n = 8;
		break;
	case 5:
		n = 4;
		break;
	case 2:
		if (!varint(p, end, &n))
			return false;
		break;
	default:
		return false;
	}
	if (n > (uint64_t)(end - *p))
		return false;
	if ((key & 7) == 2) {
		f->value = *p;
		f->len = (size_t)n;
	}
	*p += n;
	return true;
}
