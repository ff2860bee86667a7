package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.log.StateUpdate;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.List;

/**
 * The reading of a log as far as it goes now. A last line without its end waits for the next time, unless nothing more can
 * come. What was read counts only if the log is seen to be the same behind it: somebody may truncate it at any moment.
 */
final class TailReader implements BatchReader {

    private final TailedLog file;
    private final boolean last;
    private final Runnable onFinished;
    private final LineBlocks blocks = new LineBlocks();
    private boolean ended;

    /**
     * A reading.
     *
     * @param last whether nothing will follow: what has no line end is a line
     * @param onFinished told when the last of it is on disk
     */
    TailReader(TailedLog file, boolean last, Runnable onFinished) {
        this.file = file;
        this.last = last;
        this.onFinished = onFinished;
    }

    @Override
    public boolean more() {
        return !ended && (last || file.fed() < file.size());
    }

    @Override
    public LineBatch next(long stampMs) {
        String origin = file.shown();
        file.decoder().receivedAt(stampMs);
        try {
            // From where the blocks before end: what they did not give is in their hands.
            boolean block = blocks.next(in());
            if (!file.isIntact()) {
                ended = true;
                return LineBatch.empty(origin);
            }
            if (!block) {
                return end(origin);
            }
            file.feed(blocks.bytes(), 0, blocks.length());
            Decoded.Events events = file.decoder().take();
            List<StateUpdate> state =
                    blocks.endsLine() || file.isBetweenLines() ? List.of(file.noted(false)) : List.of();
            return LineBatch.of(origin, events, state);
        } catch (IOException e) {
            // The next look says what is wrong.
            ended = true;
            return LineBatch.empty(origin);
        }
    }

    /**
     * No further than it went when it was looked at: a copy of it that was not there then is not shorter than what is read.
     */
    private InputStream in() throws IOException {
        long from = file.fed() + blocks.filled() - blocks.length();
        file.open().position(from);
        return new Limited(Channels.newInputStream(file.open()), file.size() - from);
    }

    private LineBatch end(String origin) throws IOException {
        ended = true;
        file.tried();
        if (!last || file.open().size() != file.size()) {
            return LineBatch.empty(origin);
        }
        file.feed(blocks.bytes(), 0, blocks.filled());
        file.endLine();
        return new LineBatch(origin, file.decoder().take(), List.of(file.noted(true)), onFinished);
    }

    @Override
    public void close() {
        ended = true;
    }

    /** The beginning of a stream. */
    static final class Limited extends FilterInputStream {

        private long left;

        Limited(InputStream in, long bytes) {
            super(in);
            left = bytes;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int count = left <= 0 ? -1 : super.read(buffer, from, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }
    }
}
