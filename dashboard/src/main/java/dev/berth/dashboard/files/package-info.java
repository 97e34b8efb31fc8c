/// The pages as they lie on the class path: bytes, types, tags and the headers that keep a browser
/// from running anything else. Read once, kept in memory; they hold no data of the cluster and are
/// given to anybody.
@NullMarked
package dev.berth.dashboard.files;

import org.jspecify.annotations.NullMarked;
