/// The images of the cluster: what its repository holds and what pods run, who uses each, and what
/// its layers are made of. Manifests never change, so they are read once; the list of tags is read
/// again after some seconds, when somebody looks.
@NullMarked
package dev.berth.dashboard.images;

import org.jspecify.annotations.NullMarked;
