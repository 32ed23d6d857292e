"""The pages of the editor and the gallery. A view is access, form, one call, render; GET never writes."""
