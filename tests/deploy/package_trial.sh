# Runs inside the booted Debian of package_slow_test.sh, as root. A line that fails ends the trial.
exec >/trial/log 2>&1
set -Eeuxo pipefail
trap 'journalctl -b -q --no-pager -u chathamd.service | tail -n 20 >&2' ERR
cd /trial
[ "$(cat stage)" = whole ] || { touch passed; exit 0; }
state=/var/lib/chatham
as_server() { systemd-run -q --wait --pipe -p User=chatham -p LimitMEMLOCK=64M -p LoadCredentialEncrypted=chatham-root "$@"; }
is() { [ "$(systemctl is-active "$1" || true)" = "$2" ]; }
roles() { grep -lz -e '^--role$' /proc/[0-9]*/cmdline 2>/dev/null | wc -l; }
as_member() { runuser -u nobody -- env HOME=/tmp chatham "$@" --home /tmp/member; }

: installed, and nothing founded: nothing listens
dpkg -i chatham-server_*.deb chatham_*.deb chatham-audit_*.deb
is chathamd.socket inactive
[ "$(systemctl is-enabled chathamd.socket)" = enabled ]
[ "$(stat -c '%a %U' $state)" = "700 chatham" ]

: founded under a root key that is a credential, then started by the first connection alone
mkdir -p /etc/credstore.encrypted
od -An -tx1 -N32 /dev/urandom | tr -d ' \n' | systemd-creds encrypt --with-key=host --name=chatham-root - /etc/credstore.encrypted/chatham-root
as_server chathamd init --state $state --name Trial --credential chatham-root
[ ! -e $state/root.key ]
systemctl start chathamd.socket
is chathamd.socket active
is chathamd.service inactive
as_server chathamd tenant add acme --state $state --json | sed 's/.*"token": *"\([^"]*\)".*/\1/' | tr -d '\n' >/tmp/token
chmod 644 /tmp/token
as_member init
as_member enroll --server https://127.0.0.1:8443 --token-file /tmp/token --accept-policy
is chathamd.service active
[ "$(roles)" = 3 ]
for process in $(grep -lz -e '^--role$' /proc/[0-9]*/cmdline | cut -d/ -f3) $(systemctl show -P MainPID chathamd.service); do
  grep -q '^CapEff:.0000000000000000$' /proc/$process/status
  grep -q '^NoNewPrivs:.1$' /proc/$process/status
  [ "$(stat -c %U /proc/$process)" != root ]
done

: each has confined itself within what the unit leaves
[ "$(journalctl -b -q --no-pager -u chathamd.service -o cat | grep -c 'confined count=')" = 3 ]

: a backup, its keys apart, while the server runs
systemctl start chathamd-backup.service
is chathamd-backup.service inactive
[ -z "$(ls /var/backups/chatham)" ]
install -d -m 700 -o chatham -g chatham /var/lib/chatham-backup-keys
systemctl start chathamd-backup.service
chathamd backup verify /var/backups/chatham/*
[ -n "$(ls /var/lib/chatham-backup-keys)" ]

: an upgrade keeps the state and the socket, and the server comes back
server=$(systemctl show -P MainPID chathamd.service)
dpkg -i next.deb
is chathamd.service active
[ "$(systemctl show -P MainPID chathamd.service)" != "$server" ]
as_server chathamd tenant list --state $state | grep acme
as_member pull || [ $? = 1 ] # there is no library yet; the server has answered
as_member status

: a restart of all its processes happens under the same restrictions
kill -KILL "$(grep -lz -e '^vault$' /proc/[0-9]*/cmdline | head -n 1 | cut -d/ -f3)"
as_member status
is chathamd.service active

: removed: stopped, the state kept
dpkg -r chatham-server
is chathamd.socket inactive
[ "$(roles)" = 0 ]
[ -e $state/intermediate.key ]

: purged: a federation is not deleted, and its user with it
dpkg -P chatham-server 2>&1 | grep 'holds a federation'
[ -e $state/intermediate.key ]
getent passwd chatham

: without a federation nothing stays
rm -rf $state /var/backups/chatham /var/lib/chatham-backup-keys
dpkg -i next.deb
dpkg -P chatham-server chatham chatham-audit
! getent passwd chatham
! systemctl cat chathamd.service
rm -rf /tmp/member /tmp/token /etc/credstore.encrypted /var/lib/systemd/credential.secret
touch passed
