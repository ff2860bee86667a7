package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.LineSplitter;
import io.tidegate.gateway.decode.LineSplitter.Place;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.ingest.files.SpoolFileState.Position;
import io.tidegate.gateway.ingest.files.SpoolFileState.State;
import io.tidegate.gateway.log.StateUpdate;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The reading of one complete file, from where it was left to its end. Each piece brings the position behind it; the last
 * one says that the file is complete, or why it is bad. A file that is away when it is opened is left alone.
 */
final class SpoolFileReader implements BatchReader {

    /**
     * A file that is to be read.
     *
     * @param key of its state
     * @param stat when it was taken as complete
     * @param from where to go on
     * @param changed whether it was read and has changed since: then nothing is read, but it is said
     */
    record Task(Path path, String key, FileStat stat, Position from, boolean changed) {}

    private static final String CHANGED = "it changed after it was taken as complete";

    private final Task task;
    private final LineDecoder decoder;
    private final LineDecoder.Kind kind;
    private final LineSplitter splitter;
    private final LineBlocks blocks = new LineBlocks();
    private final MessageDigest digest = FileContent.digest();
    private final BiConsumer<Task, SpoolFileState> onDisk;
    private Position last;
    private @Nullable InputStream in;
    private boolean ended;

    /** @param onDisk told every state once it is on disk */
    SpoolFileReader(Task task, LineDecoder decoder, LineDecoder.Kind kind, BiConsumer<Task, SpoolFileState> onDisk) {
        this.task = task;
        this.decoder = decoder;
        this.kind = kind;
        this.splitter = new LineSplitter(decoder.lineBytes(), task.from().behind());
        this.last = task.from();
        this.onDisk = onDisk;
    }

    @Override
    public boolean more() {
        return !ended;
    }

    @Override
    public LineBatch next(long stampMs) {
        decoder.receivedAt(stampMs);
        if (task.changed()) {
            return bad(Reason.FILE_CHANGED, CHANGED, stampMs);
        }
        try {
            InputStream open = in == null ? open() : in;
            if (!blocks.next(open)) {
                return end(stampMs);
            }
            feed(0, blocks.length());
            if (!blocks.endsLine()) {
                return LineBatch.of(origin(), decoder.take(), List.of());
            }
            last = position();
            return noted(new SpoolFileState(State.READING, task.stat(), last, "", stampMs), decoder.take());
        } catch (NoSuchFileException e) {
            ended = true;
            return LineBatch.empty(origin());
        } catch (Changed e) {
            return bad(Reason.FILE_CHANGED, e.getMessage(), stampMs);
        } catch (IOException e) {
            return bad(Reason.FILE_UNREADABLE, sentence(e), stampMs);
        }
    }

    private InputStream open() throws IOException {
        InputStream opened = FileContent.open(task.path());
        in = opened;
        long before = last.behind().offset();
        if (FileContent.digest(opened, before, digest) < before
                || !FileContent.hash(digest).equals(last.hash())) {
            throw new Changed("its first " + before + " bytes are not those that were read");
        }
        return opened;
    }

    private void feed(int from, int to) {
        splitter.feedBehindHoles(blocks.bytes(), from, to, decoder);
        digest.update(blocks.bytes(), from, to - from);
    }

    /** A file that has changed meanwhile may have no more than half a line at its end. */
    private LineBatch end(long stampMs) throws IOException {
        Optional<FileStat> now = FileStat.of(task.path());
        if (!now.equals(Optional.of(task.stat()))) {
            throw new Changed("it had " + task.stat().size() + " bytes and has "
                    + now.map(FileStat::size).orElse(0L) + ", or was written to, or is another file");
        }
        feed(0, blocks.filled());
        splitter.end(decoder);
        last = position();
        ended = true;
        return noted(new SpoolFileState(State.COMPLETE, task.stat(), last, "", stampMs), decoder.take());
    }

    private Position position() {
        return new Position(splitter.behind(), FileContent.hash(digest), decoder.directives());
    }

    private LineBatch noted(SpoolFileState fileState, Decoded.Events events) {
        StateUpdate update = JsonState.update(task.key(), fileState);
        // The piece waits for the disk without this reader, which has a buffer.
        Task read = task;
        BiConsumer<Task, SpoolFileState> told = onDisk;
        return new LineBatch(origin(), events, List.of(update), () -> told.accept(read, fileState));
    }

    /** What is said about a bad file: one dead letter, which names the last line that counts. */
    private LineBatch bad(Reason reason, String why, long stampMs) {
        ended = true;
        Place behind = last.behind();
        String detail = "behind line " + behind.number() + ", offset " + behind.offset()
                + " (what is before it counts): " + why;
        Decoded.Damaged letter = new Decoded.Damaged(
                Decoded.Rejected.of(reason, kind.label(), detail),
                behind.number() + 1,
                new byte[0],
                task.stat().size());
        return noted(
                new SpoolFileState(State.BAD, task.stat(), last, reason.label() + ": " + detail, stampMs),
                new Decoded.Events(List.of(), List.of(letter)));
    }

    @Override
    public void close() {
        ended = true;
        if (in != null) {
            try {
                in.close();
            } catch (IOException e) {
                // It was only read.
            }
        }
    }

    private String origin() {
        return FileNames.shown(task.path());
    }

    private static String sentence(IOException e) {
        if (e instanceof EOFException) {
            return "it ends too early: " + e.getMessage();
        }
        return e instanceof AccessDeniedException ? "nobody lets us read it" : String.valueOf(e.getMessage());
    }

    /** What was read is not what is there. */
    private static final class Changed extends IOException {

        private static final long serialVersionUID = 1;

        Changed(String what) {
            super(what);
        }

        @Override
        public String getMessage() {
            return CHANGED + ": " + super.getMessage();
        }
    }
}
