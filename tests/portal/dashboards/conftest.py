from tests.portal.demo.conftest import demo

__all__ = ["demo"]
