from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_notebook_sched.host.filesystem import is_network

MOUNTS = r"""
21 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw,errors=remount-ro
22 21 0:5 / /dev rw,nosuid shared:2 - devtmpfs udev rw,size=1k
30 21 0:50 / /home rw,relatime shared:30 - nfs4 filer:/home rw,vers=4.2
31 30 0:51 / /home/ann/scratch rw - xfs /dev/sdb1 rw
32 21 0:52 / /mnt/ssh rw - fuse.sshfs ann@there: rw,user_id=0
33 21 0:53 / /mnt/drive rw - fuse.gcsfuse bucket rw
34 21 0:54 / /mnt/efs rw - nfs 10.0.0.1:/ rw
35 21 0:55 / /mnt/smb rw - cifs //filer/share rw
36 21 0:56 / /mnt/9p rw - 9p hostshare rw,trans=virtio
37 21 0:57 / /mnt/vm rw - virtiofs share rw
38 21 0:58 / /mnt/lustre rw - lustre 10.0.0.2@tcp:/l rw
39 21 0:59 / /mnt/ceph rw - ceph mon:/ rw
40 21 0:60 / /mnt/new rw - somethingnew none rw
41 21 0:61 / /var/lib/c rw - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w
42 21 0:62 / /tmp rw - tmpfs tmpfs rw
43 21 0:63 / /data rw - zfs pool/data rw
44 21 0:64 / /mnt/with\040space rw - nfs4 filer:/x rw
45 21 0:65 / /srv/twice rw - ext4 /dev/sdc1 rw
46 45 0:66 / /srv/twice rw - nfs4 filer:/over rw
47 21 0:67 /sub /bind rw,relatime shared:1 master:2 - ext4 /dev/sda3 rw
48 21 0:68 / /mnt/block rw - fuseblk /dev/sdd1 rw
""".strip()

LOCAL = ["/", "/root/work", "/home/ann/scratch/work", "/var/lib/c/x", "/tmp/work", "/data", "/bind/w", "/homes/ann"]
NETWORK = [
    "/home/ann",
    "/home",
    "/mnt/ssh/x",
    "/mnt/drive",
    "/mnt/efs",
    "/mnt/smb",
    "/mnt/9p",
    "/mnt/vm",
    "/mnt/lustre",
    "/mnt/ceph",
    "/mnt/new",
    "/mnt/with space/x",
    "/srv/twice/x",
    "/mnt/block",
]


@pytest.mark.parametrize("path", LOCAL)
def test_it_takes_a_disk_of_this_host_as_local(path: str) -> None:
    assert not is_network(Path(path), MOUNTS)


@pytest.mark.parametrize("path", NETWORK)
def test_it_takes_what_other_hosts_may_mount_and_what_it_does_not_know_as_network(path: str) -> None:
    assert is_network(Path(path), MOUNTS)


def test_it_looks_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "home").symlink_to("/mnt/efs/home")
    assert is_network(tmp_path / "home" / "work", MOUNTS)


def test_it_reads_the_mounts_of_this_machine(tmp_path: Path) -> None:
    assert not is_network(tmp_path)
    assert is_network(Path("/proc/self"))
