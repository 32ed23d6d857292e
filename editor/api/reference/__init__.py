"""What there is for programs, told: endpoints as data, the OpenAPI document, the page, and its examples."""
