/// What one viewer may see of the cluster at one revision: the objects, already filtered, with the
/// indices that every page needs. A scene is made once for all viewers with the same rights.
@NullMarked
package dev.berth.dashboard.scene;

import org.jspecify.annotations.NullMarked;
