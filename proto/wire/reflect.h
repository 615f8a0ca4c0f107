/*
 * reflect: the fields of any protobuf-c message by its descriptor, for those who write or check messages without knowing them by name.
 */
#ifndef WIRE_REFLECT_H
#define WIRE_REFLECT_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

/* protobuf-c laid the field out with this type at this place; the descriptor says which. */
#define REFLECT_VALUE(type, at) (*(const type *)(const void *)(at))

/* One field of a message: where its values lie and how many there are (0 when absent or default). */
struct reflect_field {
	const ProtobufCFieldDescriptor *field;
	const unsigned char *values;
	size_t count;
	bool repeated;
};

/* Bytes of one value as it lies in the message. */
size_t reflect_size(ProtobufCType);
/* Of a oneof the arm that was chosen counts even when its value is the default. */
struct reflect_field reflect_look(const ProtobufCMessage *, const ProtobufCFieldDescriptor *);

#endif
