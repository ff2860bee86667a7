/**
 * Events from files: a spool directory of complete files ({@link io.tidegate.gateway.ingest.files.SpoolScanner}) and logs
 * that grow and are rotated ({@link io.tidegate.gateway.ingest.files.TailScanner}). A {@link
 * io.tidegate.gateway.ingest.files.FileSource} actor scans, reads what the scan found in one finite stream ({@link
 * io.tidegate.gateway.ingest.files.FileIngest}), and scans again. The position in a file is committed together with its
 * lines, so a kill -9 neither loses nor repeats one.
 *
 * <p>Called by the guardian. Calls {@code decode}, {@code admission} and the log, which stores the positions.
 */
@NullMarked
package io.tidegate.gateway.ingest.files;

import org.jspecify.annotations.NullMarked;
