package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.decode.LineSplitter.Place;
import java.util.List;

/**
 * What is known of a log; stored in the same commit as its lines.
 *
 * @param folder where it is
 * @param name what it was called when its first line was read
 * @param inode what it is, whatever it is called now
 * @param behind the last line read, and the byte behind it
 * @param print what was read, by its first and last bytes
 * @param directives for the decoder that goes on here
 * @param finished whether it was rotated and has been read to its end
 */
record TailState(
        String folder,
        String name,
        long inode,
        Place behind,
        Fingerprint.Print print,
        List<String> directives,
        boolean finished) {}
