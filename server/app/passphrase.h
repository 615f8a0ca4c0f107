/*
 * passphrase: a secret from a file: its first line.
 */
#ifndef APP_PASSPHRASE_H
#define APP_PASSPHRASE_H

#include <stdio.h>

/* arg: the file's path. For tls_files.passphrase; static memory, NULL when the file cannot be read. */
const char *passphrase_read(void *arg);
/* First line of a stream, into buf of `size`; NULL when there is none or it is too long. */
const char *passphrase_line(FILE *, char *buf, size_t size);

#endif
