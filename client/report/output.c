#include "report/output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ctl/out.h"
#include "lib/durable.h"

static int to_file(struct ctl *ctl, const char *path, const void *data, size_t len)
{
	/* Names, numbers and what people said: for nobody but whoever printed it. */
	int error = durable_write(path, data, len, 0600);

	if (error != 0) {
		out_error(T("%s に書けません: %s。書ける場所を --out で指定してください。",
				  "Cannot write %s: %s. Name a place that can be written with --out."),
			path, strerror(-error));
		return CTL_LOCAL;
	}
	if (!ctl->json)
		fprintf(stderr, T("%s に書きました。\n", "Written: %s\n"), path);
	return CTL_OK;
}

int output_write(struct ctl *ctl, const void *data, size_t len, bool binary)
{
	const char *path = opt_value(&ctl->line, "out");

	if (path && *path)
		return to_file(ctl, path, data, len);
	if (binary && isatty(STDOUT_FILENO))
		return out_usage(ctl, "%s", T("PDF は --out ファイル で書き出してください。", "Write a PDF to a file with --out FILE."));
	if (fwrite(data, 1, len, stdout) != len || fflush(stdout) != 0) {
		out_error(T("出力できません: %s", "Cannot write: %s"), strerror(errno));
		return CTL_LOCAL;
	}
	return CTL_OK;
}
