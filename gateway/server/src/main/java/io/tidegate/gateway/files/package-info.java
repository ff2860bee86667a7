/**
 * Files that events come in by: a folder into which complete files are moved ({@link
 * io.tidegate.gateway.files.SpoolFolder}) and logs that grow and are rotated ({@link io.tidegate.gateway.files.LogTail}).
 * Each source is a {@link io.tidegate.gateway.files.FileSource}, an actor that looks, reads what it found in a finite stream
 * (a {@link io.tidegate.gateway.files.Round}), and looks again. How far a file was read is a mark in the same commit as its
 * lines: a kill -9 neither loses nor repeats one.
 *
 * <p>Uses {@code source} (the way to the log), {@code decode} and {@code weblog} (lines), {@code log} (marks) and {@code
 * keygroup} (receipts). Used by the guardian.
 */
@NullMarked
package io.tidegate.gateway.files;

import org.jspecify.annotations.NullMarked;
