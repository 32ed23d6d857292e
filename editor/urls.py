"""Addresses of the editor and the gallery."""

from django.urls import path

from .views import brush, download, editor, erase, gallery, head, scene, strip, task, upload

app_name = "editor"

urlpatterns = [
    path("", editor.home, name="home"),
    path("editor/", editor.editor, name="editor"),
    path("editor/strip/", strip.strip, name="strip"),
    path("editor/photos/", upload.upload, name="upload"),
    path("editor/photos/<uuid:photo_id>/", editor.photo, name="photo"),
    path("editor/photos/<uuid:photo_id>/cutout/", editor.start_cutout, name="start-cutout"),
    path("editor/photos/<uuid:photo_id>/head/", head.start_head, name="start-head"),
    path("editor/photos/<uuid:photo_id>/heads/", head.heads, name="heads"),
    path("editor/photos/<uuid:photo_id>/heads/find/", head.find_heads, name="find-heads"),
    path("editor/photos/<uuid:photo_id>/erase/", erase.start_erase, name="start-erase"),
    path("editor/photos/<uuid:photo_id>/scene/", scene.start_scene, name="start-scene"),
    path("editor/photos/<uuid:photo_id>/put-away/", editor.put_away, name="put-away"),
    path("editor/photos/<uuid:photo_id>/delete/", editor.delete_photo, name="delete-photo"),
    path("editor/photos/<uuid:photo_id>/preview", download.photo_preview, name="photo-preview"),
    path("editor/photos/<uuid:photo_id>/thumbnail", download.photo_thumbnail, name="photo-thumbnail"),
    path("editor/photos/<uuid:photo_id>/original", download.photo_original, name="photo-original"),
    path("editor/tasks/<uuid:task_id>/status/", task.task_status, name="task-status"),
    path("editor/tasks/<uuid:task_id>/early/<int:number>", download.task_early, name="task-early"),
    path("editor/tasks/<uuid:task_id>/cancel/", task.task_cancel, name="task-cancel"),
    path("editor/tasks/<uuid:task_id>/retry/", task.task_retry, name="task-retry"),
    path("editor/tasks/<uuid:task_id>/another-fill/", erase.another_fill, name="another-fill"),
    path("editor/tasks/<uuid:task_id>/another-take/", scene.another_take, name="another-take"),
    path("editor/scenes/understood/", scene.scene_understood, name="scene-understood"),
    path("editor/scenes/framing/", scene.scene_framing, name="scene-framing"),
    path("results/<uuid:result_id>/correct/", brush.correct, name="correct"),
    path("results/<uuid:result_id>/file", download.result_file, name="result-file"),
    path("results/<uuid:result_id>/thumbnail", download.result_thumbnail, name="result-thumbnail"),
    path("results/<uuid:result_id>/download", download.result_download, name="result-download"),
    path("results/signed/<str:token>", download.result_signed, name="result-signed"),
    path("results/signed/<str:token>/<str:name>", download.result_signed, name="result-signed"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("gallery/delete/", gallery.gallery_delete, name="gallery-delete"),
    path("gallery/zip/", gallery.gallery_zip, name="gallery-zip"),
]
