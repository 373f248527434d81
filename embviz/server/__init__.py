"""What stands between the network and the page: limits, routes, endpoints, sessions."""
