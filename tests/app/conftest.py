from __future__ import annotations

from ..api.conftest import api, context, extension, jp_server_config, nobody_works, workspace

__all__ = ["api", "context", "extension", "jp_server_config", "nobody_works", "workspace"]
