/*
 * caps.c - file capabilities, as the kernel stores them (vfs_cap_data,
 * revisions 1 to 3) and as getcap(8) writes them.
 */
#include <stdint.h>
#include <string.h>

#include "image_priv.h"
#include "muster/str.h"

static const char *const names[] = {
	"chown", "dac_override", "dac_read_search", "fowner", "fsetid",
	"kill", "setgid", "setuid", "setpcap", "linux_immutable",
	"net_bind_service", "net_broadcast", "net_admin", "net_raw",
	"ipc_lock", "ipc_owner", "sys_module", "sys_rawio", "sys_chroot",
	"sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
	"sys_resource", "sys_time", "sys_tty_config", "mknod", "lease",
	"audit_write", "audit_control", "setfcap", "mac_override",
	"mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read",
	"perfmon", "bpf", "checkpoint_restore"
};

static uint64_t le32(const unsigned char *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	    (uint64_t)p[3] << 24;
}

static void list(uint64_t set, struct str *out)
{
	bool first = true;

	for (unsigned i = 0; i < 64; i++) {
		if ((set >> i & 1) == 0)
			continue;
		if (!first)
			str_addc(out, ',');
		first = false;
		if (i < sizeof(names) / sizeof(*names))
			str_addf(out, "cap_%s", names[i]);
		else
			str_addf(out, "cap_%u", i);
	}
}

bool caps_text(const void *value, size_t len, struct str *out)
{
	const unsigned char *p = value;
	uint64_t may, inherit, magic;

	if (len < 12)
		return false;
	magic = le32(p);
	may = le32(p + 4);
	inherit = le32(p + 8);
	if (magic >> 24 >= 2) {
		if (len < 20)
			return false;
		may |= le32(p + 12) << 32;
		inherit |= le32(p + 16) << 32;
	}
	if (may == 0)
		return false;
	list(may, out);
	str_addf(out, "=%s%sp", (magic & 1) != 0 ? "e" : "",
	    (inherit & may) == may ? "i" : "");
	if (magic >> 24 == 3 && len >= 24)
		str_addf(out, " [rootid=%u]", (unsigned)le32(p + 20));
	return true;
}
