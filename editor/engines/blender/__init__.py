"""Plans built and rendered in Blender, in a process of its own: python -m editor.engines.blender.

Only what is in this package imports bpy.
"""

import bpy  # noqa: F401 - bmesh and mathutils can be imported only once it has been
