"""The Docker way: what can be checked of it without an engine."""

import configparser
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICE_KEYS = {
    "image", "build", "command", "depends_on", "environment", "ports", "volumes", "healthcheck",
    "restart",
}  # fmt: skip


def sources():
    """Return the left side of every volume: a path of the checkout, or a named volume."""
    for name, service in COMPOSE["services"].items():
        for volume in service["volumes"]:
            yield name, volume.split(":")[0]


def test_services_use_known_keys():
    assert set(COMPOSE) == {"services", "volumes"}
    for service in COMPOSE["services"].values():
        assert set(service) <= SERVICE_KEYS
        assert ("image" in service) != ("build" in service)
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


def test_dependencies_exist_and_wait_for_health():
    services = COMPOSE["services"]
    for service in services.values():
        for name, how in service.get("depends_on", {}).items():
            assert name in services
            assert how == {"condition": "service_healthy"}


@pytest.mark.parametrize(("service", "source"), sources())
def test_every_volume_exists(service, source):
    if source.startswith("."):
        assert (ROOT / source).exists(), f"{service} mounts {source}"
    else:
        assert source in COMPOSE["volumes"], f"{service} uses the volume {source}"


def test_named_volumes_are_used():
    assert set(COMPOSE["volumes"]) <= {source for _service, source in sources()}


def test_image_is_built_from_existing_files():
    build = COMPOSE["services"]["odoo"]["build"]
    dockerfile = ROOT / build["context"] / build["dockerfile"]
    text = dockerfile.read_text()
    assert text.startswith("FROM odoo:19.0\n")
    for source in re.findall(r"^COPY (\S+) ", text, re.MULTILINE):
        assert (ROOT / build["context"] / source).exists()


def test_no_password_is_written_down():
    assert "POSTGRES_PASSWORD=\n" in (ROOT / "config" / "example.env").read_text()
    for service in COMPOSE["services"].values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name:
                assert value.startswith("${POSTGRES_PASSWORD:?")
    for path in (ROOT / "config").glob("*.conf"):
        assert "passw" not in path.read_text()


@pytest.mark.parametrize("name", ["odoo.conf", "odoo.prod.conf"])
def test_configurations_point_at_the_mounted_places(name):
    config = configparser.ConfigParser()
    config.read(ROOT / "config" / name)
    options = config["options"]
    targets = {v.split(":")[1] for v in COMPOSE["services"]["odoo"]["volumes"]}
    assert {options["addons_path"], options["data_dir"], f"/etc/odoo/{name}"} <= targets
    production = "prod" in name
    assert (int(options["workers"]) > 0) == production
    assert int(options["max_cron_threads"]) > 0


def test_proxy_knows_the_ports_of_production():
    """Each node is asked on the ports that the configuration opens."""
    config = configparser.ConfigParser()
    config.read(ROOT / "config" / "odoo.prod.conf")
    options = config["options"]
    blocks = dict(
        re.findall(r"upstream (\S+) {(.*?)}", (ROOT / "config" / "nginx.conf").read_text(), re.S)
    )
    ports = {name: set(re.findall(r":(\d+)", block)) for name, block in blocks.items()}
    assert ports == {"odoo": {options.get("http_port", "8069")},
                     "odoo-websocket": {options["gevent_port"]}}  # fmt: skip
    assert options.getboolean("proxy_mode")
