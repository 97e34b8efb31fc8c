package dev.berth.cli.backup;

import dev.berth.api.Times;
import dev.berth.controller.Restore;

/// What is in a backup, in one line.
final class Contents {
  private Contents() {}

  static String of(Restore.Summary summary) {
    return summary.objects()
        + (summary.objects() == 1 ? " object" : " objects")
        + " at revision "
        + summary.revision()
        + ", "
        + (summary.images()
            ? summary.blobs() + (summary.blobs() == 1 ? " blob" : " blobs") + " of images"
            : "without images")
        + ", taken "
        + Times.format(summary.time());
  }
}
