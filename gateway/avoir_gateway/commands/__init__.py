"""The gateway's commands. What is heavy is imported where a command needs it."""

from avoir_gateway.commands.audit import audit_command
from avoir_gateway.commands.parameters import parameters_command
from avoir_gateway.commands.plugins import plugins_command
from avoir_gateway.commands.rebuild import rebuild_command
from avoir_gateway.commands.report import report_command
from avoir_gateway.commands.reviews import reviews_command
from avoir_gateway.commands.schema import schema_command
from avoir_gateway.commands.serve import serve_command
from avoir_gateway.commands.settings import settings_command
from avoir_gateway.commands.tenants import tenants_command
from avoir_gateway.commands.tokens import tokens_command

__all__ = [
    "audit_command",
    "parameters_command",
    "plugins_command",
    "rebuild_command",
    "report_command",
    "reviews_command",
    "schema_command",
    "serve_command",
    "settings_command",
    "tenants_command",
    "tokens_command",
]
