"""What both apps stand on, and knows neither: error pages, outages, charts, values of the environment."""
