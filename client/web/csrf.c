#include "web/csrf.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define LABEL "renraku-web csrf 1"

char *csrf_value(const char *person, const char *terminal, char out[CSRF_TEXT])
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	/* A cookie's value has no space in it. */
	char *key = xasprintf("%s %s", person ? person : "", terminal ? terminal : "");
	HMAC(EVP_sha256(), key, (int)strlen(key), (const unsigned char *)LABEL, strlen(LABEL), digest, &len);
	OPENSSL_cleanse(key, strlen(key));
	free(key);
	return text_hex(digest, 32, out);
}

bool csrf_matches(const char *person, const char *terminal, const char *given)
{
	char wanted[CSRF_TEXT];
	csrf_value(person, terminal, wanted);
	return given && strlen(given) == CSRF_TEXT - 1 && CRYPTO_memcmp(given, wanted, CSRF_TEXT - 1) == 0;
}
