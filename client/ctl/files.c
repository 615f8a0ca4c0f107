#include "ctl/files.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "ctl/out.h"

#define CHUNK 65536

bool files_typed(const struct fill *fill)
{
	size_t i;

	for (i = 0; i < fill->n_values; i++)
		if (fill->values[i]->value && fill->values[i]->value[0] == '@')
			return true;
	return false;
}

/* 0, or what errno said. */
static int digest_of(FILE *file, uint8_t out[EVP_MAX_MD_SIZE], unsigned *len)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	uint8_t chunk[CHUNK];
	size_t n;
	int failed = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) ? 0 : ENOMEM;

	while (!failed && (n = fread(chunk, 1, sizeof chunk, file)) > 0)
		if (!EVP_DigestUpdate(md, chunk, n))
			failed = ENOMEM;
	if (!failed && ferror(file))
		failed = errno ? errno : EIO;
	if (!failed && !EVP_DigestFinal_ex(md, out, len))
		failed = ENOMEM;
	EVP_MD_CTX_free(md);
	return failed;
}

/* An ordinary file only: a device or pipe would never end. */
static FILE *open_file(const char *path, int *failed)
{
	FILE *file = fopen(path, "rbe");
	struct stat st;

	*failed = file && fstat(fileno(file), &st) == 0 ? 0 : errno;
	if (*failed == 0 && !S_ISREG(st.st_mode))
		*failed = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	if (*failed && file) {
		fclose(file);
		file = NULL;
	}
	return file;
}

char *files_name(struct ctl *ctl, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	uint8_t digest[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1];
	unsigned len = 0;
	int failed;
	FILE *file = open_file(path, &failed);

	if (file) {
		failed = digest_of(file, digest, &len);
		fclose(file);
	}
	if (failed) {
		out_error(T("証拠のファイル %s を読めません: %s。何も記録していません。",
				  "Cannot read the file %s: %s. Nothing was recorded."),
			path, strerror(failed));
		return NULL;
	}
	text_hex(digest, len, hex);
	if (!ctl->json)
		out_line(ctl, SHOW_DIM,
			T("%s の SHA-256 は %s です。記録するのは名前とこの値だけで、ファイルは送りません。大切に保管してください。",
				"SHA-256 of %s: %s. Only the name and this value are recorded; the file is not sent. Keep it safe."),
			name, hex);
	return arena_printf(ctl->arena, "%s sha256:%s", name, hex);
}

static bool of_field(const Renraku__Value *value, const Renraku__Field *field)
{
	return strcmp(value->field, field->id) == 0 && value->value && *value->value;
}

/* All values of the field into its first one. */
static bool field_read(struct ctl *ctl, const Renraku__Field *field, struct fill *fill)
{
	Renraku__Value *first = NULL;
	size_t i, kept = 0;

	for (i = 0; i < fill->n_values; i++) {
		Renraku__Value *value = fill->values[i];

		if (of_field(value, field) && value->value[0] == '@') {
			value->value = files_name(ctl, value->value + 1);
			if (!value->value)
				return false;
		}
		if (first && of_field(value, field)) {
			first->value = arena_printf(ctl->arena, "%s; %s", first->value, value->value);
			continue;
		}
		if (of_field(value, field))
			first = value;
		fill->values[kept++] = value;
	}
	fill->n_values = kept;
	return true;
}

bool files_read(struct ctl *ctl, const Renraku__ItemRow *item, struct fill *fill)
{
	size_t i;

	for (i = 0; i < item->n_form; i++)
		if (strcmp(item->form[i]->type, "files") == 0 && !field_read(ctl, item->form[i], fill))
			return false;
	return true;
}
