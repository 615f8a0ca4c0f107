/* The options that every command has. */
#include "ctl/ctl.h"

const struct opt_spec ctl_options[] = {{"help", NULL, NULL, "この説明を表示する", "show this help"},
	{"json", NULL, NULL, "結果を JSON で出力する", "print the result as JSON"},
	{"lang", "ja|en", "ja|en", "表示の言語（既定は日本語。環境変数 RENRAKU_LANG でも可）",
		"language of the output (default Japanese; also RENRAKU_LANG)"},
	{"config", "ファイル", "FILE", "設定ファイル（環境変数 RENRAKU_CONFIG でも可）", "configuration file (also RENRAKU_CONFIG)"},
	{"as", "職員ID", "PERSON", "この職員の設定・サインインを使う（環境変数 RENRAKU_AS でも可）",
		"use this person's configuration or sign-in (also RENRAKU_AS)"},
	{"id", "UUID", "UUID", "同じ操作を安全にやり直すときの番号（終了コード 3 のときに表示される）",
		"repeat an unconfirmed command safely: the id shown with exit code 3"},
	{"version", NULL, NULL, "版を表示する", "show the version"}, OPT_END};
