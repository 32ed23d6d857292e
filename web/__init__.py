"""What both apps stand on, and knows neither: error pages, outages, charts, the admin's lists, ASGI types,
values of the environment."""
