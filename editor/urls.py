"""Addresses of the editor and the gallery."""

from collections.abc import Callable
from importlib import import_module

from django.http import HttpResponseBase
from django.urls import path

from .tools import Tool
from .views import correction, editor, erase, files, finish, head, measures, scene, task, upload
from .views.catalogue import recipes, run_files, run_intake, runs, trial
from .views.filmstrip import batch, putting_away, strip
from .views.gallery import board, trash

app_name = "editor"


def find_start_view(tool: Tool) -> Callable[..., HttpResponseBase]:
    """Return the view that places an order for a tool's work: start_<tool> of views/<tool>.py."""
    view: Callable[..., HttpResponseBase] = getattr(import_module(f"editor.views.{tool}"), f"start_{tool}")
    return view


urlpatterns = [
    path("", editor.home, name="home"),
    path("editor/", editor.editor, name="editor"),
    path("editor/strip/", strip.strip, name="strip"),
    path("editor/strip/photos/", putting_away.desk_photos, name="desk-photos"),
    path("editor/strip/put-away/", putting_away.put_many_away, name="put-many-away"),
    path("editor/strip/put-back/", putting_away.put_back, name="put-back"),
    path("editor/strip/retry/", batch.retry_all, name="retry-all"),
    path("editor/strip/stop/", batch.stop_all, name="stop-all"),
    path("editor/photos/", upload.upload, name="upload"),
    path("editor/photos/<uuid:photo_id>/", editor.photo, name="photo"),
    # start-cutout, start-erase and so on: what bears that name in the module that bears the tool's.
    *(
        path(f"editor/photos/<uuid:photo_id>/{tool}/", find_start_view(tool), name=f"start-{tool}")
        for tool in Tool
    ),
    path("editor/photos/<uuid:photo_id>/finish/", finish.finish, name="finish"),
    path("editor/photos/<uuid:photo_id>/finish/undo/", finish.finish_undo, name="finish-undo"),
    path("editor/photos/<uuid:photo_id>/finish/redo/", finish.finish_redo, name="finish-redo"),
    path("editor/finish/apply/", finish.finish_apply, name="finish-apply"),
    path("editor/photos/<uuid:photo_id>/heads/", head.heads, name="heads"),
    path("editor/photos/<uuid:photo_id>/heads/find/", head.find_heads, name="find-heads"),
    path("editor/photos/<uuid:photo_id>/put-away/", editor.put_away, name="put-away"),
    path("editor/photos/<uuid:photo_id>/delete/", editor.delete_photo, name="delete-photo"),
    path("editor/photos/<uuid:photo_id>/preview", files.photo_preview, name="photo-preview"),
    path("editor/photos/<uuid:photo_id>/thumbnail", files.photo_thumbnail, name="photo-thumbnail"),
    path("editor/photos/<uuid:photo_id>/original", files.photo_original, name="photo-original"),
    path("editor/tasks/<uuid:task_id>/status/", task.task_status, name="task-status"),
    path("editor/tasks/<uuid:task_id>/early/<int:number>", files.task_early, name="task-early"),
    path("editor/tasks/<uuid:task_id>/patch", correction.task_patch, name="task-patch"),
    path("editor/tasks/<uuid:task_id>/cancel/", task.task_cancel, name="task-cancel"),
    path("editor/tasks/<uuid:task_id>/retry/", task.task_retry, name="task-retry"),
    path("editor/tasks/<uuid:task_id>/another-fill/", erase.another_fill, name="another-fill"),
    path("editor/tasks/<uuid:task_id>/another-take/", scene.another_take, name="another-take"),
    path("editor/scenes/understood/", scene.scene_understood, name="scene-understood"),
    path("editor/scenes/framing/", scene.scene_framing, name="scene-framing"),
    path("results/<uuid:result_id>/correct/", correction.correct, name="correct"),
    path("results/<uuid:result_id>/measures/", measures.result_measures, name="result-measures"),
    path("results/<uuid:result_id>/file", files.result_file, name="result-file"),
    path("results/<uuid:result_id>/thumbnail", files.result_thumbnail, name="result-thumbnail"),
    path("results/<uuid:result_id>/screen", files.result_screen, name="result-screen"),
    path("results/<uuid:result_id>/download", files.result_download, name="result-download"),
    path("results/<uuid:result_id>/frames", files.result_frames, name="result-frames"),
    path("results/signed/<str:token>", files.result_signed, name="result-signed"),
    path("results/signed/<str:token>/<str:name>", files.result_signed, name="result-signed"),
    path("catalogue/", recipes.catalogue, name="catalogue"),
    path("catalogue/recipes/new/", recipes.new_recipe, name="new-recipe"),
    path("catalogue/recipes/import/", recipes.recipe_import, name="recipe-import"),
    path("catalogue/recipes/preview/<uuid:result_id>", trial.recipe_preview, name="recipe-preview"),
    path("catalogue/recipes/<uuid:recipe_id>/", recipes.recipe, name="recipe"),
    path("catalogue/recipes/<uuid:recipe_id>/duplicate/", recipes.recipe_duplicate, name="recipe-duplicate"),
    path("catalogue/recipes/<uuid:recipe_id>/share/", recipes.recipe_share, name="recipe-share"),
    path("catalogue/recipes/<uuid:recipe_id>/delete/", recipes.recipe_delete, name="recipe-delete"),
    path("catalogue/recipes/<uuid:recipe_id>/export/", recipes.recipe_export, name="recipe-export"),
    path("catalogue/recipes/<uuid:recipe_id>/run/", runs.new_run, name="new-run"),
    path("catalogue/runs/", runs.run_list, name="runs"),
    path("catalogue/runs/<uuid:run_id>/", runs.run, name="run"),
    path("catalogue/runs/<uuid:run_id>/files/", run_intake.run_upload, name="run-upload"),
    path("catalogue/runs/<uuid:run_id>/progress/", runs.run_progress, name="run-progress"),
    path("catalogue/runs/<uuid:run_id>/start/", runs.run_start, name="run-start"),
    path("catalogue/runs/<uuid:run_id>/stop/", runs.run_stop, name="run-stop"),
    path("catalogue/runs/<uuid:run_id>/go-on/", runs.run_go_on, name="run-go-on"),
    path("catalogue/runs/<uuid:run_id>/again/", runs.run_again, name="run-again"),
    path("catalogue/runs/<uuid:run_id>/rename/", runs.run_rename, name="run-rename"),
    path("catalogue/runs/<uuid:run_id>/delete/", runs.run_delete, name="run-delete"),
    path("catalogue/runs/<uuid:run_id>/photos/<int:number>/", run_files.run_item, name="run-item"),
    path("catalogue/runs/<uuid:run_id>/zip", run_files.run_zip, name="run-zip"),
    path("catalogue/runs/<uuid:run_id>/manifest.<slug:ending>", run_files.run_manifest, name="run-manifest"),
    path("catalogue/runs/files/<uuid:file_id>", run_files.run_file, name="run-file"),
    path("catalogue/runs/files/<uuid:file_id>/thumbnail", run_files.run_thumbnail, name="run-thumbnail"),
    path("gallery/", board.gallery, name="gallery"),
    path("gallery/delete/", board.gallery_delete, name="gallery-delete"),
    path("gallery/trash/", trash.trash_page, name="trash"),
    path("gallery/trash/restore/", trash.trash_restore, name="trash-restore"),
    path("gallery/trash/delete/", trash.trash_delete, name="trash-delete"),
    path("gallery/zip/", board.gallery_zip, name="gallery-zip"),
]
