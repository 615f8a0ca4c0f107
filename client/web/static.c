#include "web/static.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "lib/i18n.h"

#define TOTAL_MAX (16u << 20)
#define DEPTH_MAX 6
#define PATH_MAX_OF_PAGE 200

struct file {
	char *path; /* "/js/main.js" */
	const char *type;
	uint8_t *data, *packed; /* packed: NULL when it is no smaller */
	size_t len, packed_len;
	char etag[2 * 12 + 5];
};

struct static_files {
	struct file *at;
	size_t n, cap, total;
};

static const struct {
	const char *end, *type;
	bool pack;
} types[] = {
	{".html", "text/html; charset=utf-8", true},
	{".js", "text/javascript; charset=utf-8", true},
	{".css", "text/css; charset=utf-8", true},
	{".svg", "image/svg+xml", true},
	{".webmanifest", "application/manifest+json", true},
	{".json", "application/json", true},
	{".txt", "text/plain; charset=utf-8", true},
	{".png", "image/png", false},
	{".ico", "image/x-icon", false},
	{".woff2", "font/woff2", false},
	{".mp3", "audio/mpeg", false},
	{".ogg", "audio/ogg", false},
	{".wav", "audio/wav", true},
};

/* ---- at the start ---- */

static bool read_all(const char *path, struct file *f, size_t max, char **error)
{
	FILE *in = fopen(path, "re");
	if (!in) {
		*error = xasprintf(T("画面のファイル %s を開けません: %s", "cannot open the page's file %s: %s"), path, strerror(errno));
		return false;
	}
	size_t cap = 16384, n;
	f->data = xmalloc(cap);
	while (f->len <= max && (n = fread(f->data + f->len, 1, cap - f->len, in)) > 0) {
		f->len += n;
		if (f->len == cap)
			f->data = xrealloc(f->data, cap *= 2);
	}
	bool failed = ferror(in) != 0;
	fclose(in);
	if (failed)
		*error = xasprintf(T("画面のファイル %s を読めません", "cannot read the page's file %s"), path);
	else if (f->len > max)
		*error = xasprintf(T("画面のファイルが全部で 16 MiB を超えています。フォルダーを確かめてください（%s）",
					   "the page's files are more than 16 MiB in all; is this its folder? (%s)"),
			path);
	return !*error;
}

static void pack(struct file *f)
{
	z_stream z = {0};
	if (f->len < 256 || deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	size_t bound = deflateBound(&z, (uLong)f->len);
	f->packed = xmalloc(bound);
	z.next_in = f->data;
	z.avail_in = (uInt)f->len;
	z.next_out = f->packed;
	z.avail_out = (uInt)bound;
	bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
	f->packed_len = z.total_out;
	deflateEnd(&z);
	if (whole && f->packed_len < f->len)
		return;
	free(f->packed);
	f->packed = NULL;
}

static void set_etag(struct file *f)
{
	unsigned char sum[SHA256_DIGEST_LENGTH];
	char hex[2 * 12 + 1];
	SHA256(f->data, f->len, sum);
	snprintf(f->etag, sizeof f->etag, "W/\"%s\"", text_hex(sum, 12, hex));
}

static bool good_name(const char *name)
{
	return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-")] == '\0';
}

static bool add_file(struct static_files *s, const char *disk, const char *path, char **error)
{
	struct file f = {0};
	bool packs = false;
	size_t n = strlen(path);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		size_t end = strlen(types[i].end);
		if (n > end && strcmp(path + n - end, types[i].end) == 0) {
			f.type = types[i].type;
			packs = types[i].pack;
		}
	}
	if (!f.type)
		return true; /* nothing a browser would ask for */
	if (!read_all(disk, &f, TOTAL_MAX - s->total, error)) {
		free(f.data);
		return false;
	}
	f.path = xstrdup(path);
	s->total += f.len;
	set_etag(&f);
	if (packs)
		pack(&f);
	s->at = xgrow(s->at, &s->cap, s->n + 1, sizeof *s->at);
	s->at[s->n++] = f;
	return true;
}

static bool add_folder(struct static_files *s, const char *disk, const char *path, int depth, char **error);

static bool add_entry(struct static_files *s, const char *disk, const char *path, int depth, char **error)
{
	struct stat st;
	if (stat(disk, &st) != 0) {
		*error = xasprintf(T("画面のファイル %s を開けません: %s", "cannot open the page's file %s: %s"), disk, strerror(errno));
		return false;
	}
	if (S_ISDIR(st.st_mode))
		return add_folder(s, disk, path, depth + 1, error);
	return !S_ISREG(st.st_mode) || add_file(s, disk, path, error);
}

static bool add_folder(struct static_files *s, const char *disk, const char *path, int depth, char **error)
{
	DIR *dir = depth <= DEPTH_MAX ? opendir(disk) : NULL;
	if (!dir) {
		*error = xasprintf(T("画面のフォルダー %s を開けません: %s。page を確かめてください",
					   "cannot open the page's folder %s: %s; check `page`"),
			disk, depth <= DEPTH_MAX ? strerror(errno) : T("深すぎます", "too deep"));
		return false;
	}
	bool good = true;
	for (struct dirent *e; good && (e = readdir(dir)) != NULL;) {
		if (e->d_name[0] == '.' || !good_name(e->d_name) || strlen(path) + strlen(e->d_name) > PATH_MAX_OF_PAGE)
			continue;
		char *below = xasprintf("%s/%s", disk, e->d_name), *address = xasprintf("%s/%s", path, e->d_name);
		good = add_entry(s, below, address, depth, error);
		free(below);
		free(address);
	}
	closedir(dir);
	return good;
}

static const struct file *find(const struct static_files *s, const char *path)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->at[i].path, path) == 0)
			return &s->at[i];
	return NULL;
}

struct static_files *static_load(const char *folder, char **error)
{
	struct static_files *s = xcalloc(1, sizeof *s);
	*error = NULL;
	if (add_folder(s, folder, "", 0, error) && !find(s, "/index.html"))
		*error = xasprintf(T("画面のフォルダー %s に index.html がありません。page を確かめてください",
					   "there is no index.html in the page's folder %s; check `page`"),
			folder);
	if (!*error)
		return s;
	static_free(s);
	return NULL;
}

void static_free(struct static_files *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		free(s->at[i].path);
		free(s->at[i].data);
		free(s->at[i].packed);
	}
	free(s->at);
	free(s);
}

size_t static_count(const struct static_files *s)
{
	return s->n;
}

/* ---- afterwards ---- */

/* 'gzip' among what the browser accepts, unless with ;q=0. */
static bool accepts_gzip(const struct http_request *r)
{
	const char *value = http_header(r, "accept-encoding");
	for (const char *at = value; at && *at; at += strcspn(at, ","), at += *at ? 1 : 0) {
		at += strspn(at, " \t");
		size_t len = strcspn(at, " \t;,");
		if (len == 4 && memcmp(at, "gzip", 4) == 0) {
			const char *q = at + len + strspn(at + len, " \t");
			return strncmp(q, ";q=0", 4) != 0 || (q[4] == '.' && q[5] > '0');
		}
	}
	return false;
}

void static_request(const struct static_files *s, struct http_request *r)
{
	static const char nothing[] =
		"このアドレスには何もありません。/ から始めてください。\nThere is nothing at this address. Begin at / .\n";
	const char *path = http_path(r), *known = http_header(r, "if-none-match");
	const struct file *f = find(s, strcmp(path, "/") == 0 ? "/index.html" : path);
	if (!f) {
		http_reply(r, 404, "text/plain; charset=utf-8", nothing, sizeof nothing - 1);
		return;
	}
	bool packed = f->packed && accepts_gzip(r);
	http_add_header(r, "Cache-Control", "no-cache");
	http_add_header(r, "ETag", f->etag);
	if (f->packed)
		http_add_header(r, "Vary", "Accept-Encoding");
	if (known && (strstr(known, f->etag) || strcmp(known, "*") == 0)) {
		http_reply(r, 304, NULL, NULL, 0);
		return;
	}
	if (packed)
		http_add_header(r, "Content-Encoding", "gzip");
	http_reply(r, 200, f->type, packed ? f->packed : f->data, packed ? f->packed_len : f->len);
}
