package io.tidegate.gateway.files;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.Reason;
import io.tidegate.gateway.files.SpoolNote.Position;
import io.tidegate.gateway.files.SpoolNote.State;
import io.tidegate.gateway.log.Mark;
import io.tidegate.gateway.weblog.LineSplitter;
import io.tidegate.gateway.weblog.LineSplitter.Place;
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
final class SpoolFile implements Reading {

    /**
     * A file that is to be read.
     *
     * @param key of its mark
     * @param stat when it was taken as complete
     * @param from where to go on
     */
    record Task(Path path, String key, Stat stat, Position from) {}

    private final Task task;
    private final LineDecoder decoder;
    private final String decoderLabel;
    private final LineSplitter splitter;
    private final LineBlocks blocks = new LineBlocks();
    private final MessageDigest digest = Content.digest();
    private final BiConsumer<Task, SpoolNote> onDisk;
    private Position last;
    private @Nullable InputStream in;
    private boolean ended;

    /** @param onDisk told every note once it is on disk */
    SpoolFile(Task task, LineDecoder decoder, LineDecoder.Kind kind, BiConsumer<Task, SpoolNote> onDisk) {
        this.task = task;
        this.decoder = decoder;
        this.decoderLabel = kind.label();
        this.splitter = new LineSplitter(decoder.lineBytes(), task.from().behind());
        this.last = task.from();
        this.onDisk = onDisk;
    }

    @Override
    public boolean more() {
        return !ended;
    }

    @Override
    public Piece next(long stampMs) {
        decoder.receivedAt(stampMs);
        try {
            InputStream open = in == null ? open() : in;
            if (!blocks.next(open)) {
                return end(stampMs);
            }
            feed(0, blocks.length());
            if (!blocks.endsLine()) {
                return Piece.of(origin(), decoder.take(), List.of());
            }
            last = position();
            return noted(new SpoolNote(State.READING, task.stat(), last, "", stampMs), decoder.take());
        } catch (NoSuchFileException e) {
            ended = true;
            return Piece.empty(origin());
        } catch (Changed e) {
            return bad(Reason.FILE_CHANGED, e.getMessage(), stampMs);
        } catch (IOException e) {
            return bad(Reason.FILE_UNREADABLE, sentence(e), stampMs);
        }
    }

    private InputStream open() throws IOException {
        InputStream opened = Content.open(task.path());
        in = opened;
        long before = last.behind().offset();
        if (Content.digest(opened, before, digest) < before
                || !Content.hash(digest).equals(last.hash())) {
            throw new Changed("its first " + before + " bytes are not those that were read");
        }
        return opened;
    }

    private void feed(int from, int to) {
        splitter.feedBehindHoles(blocks.bytes(), from, to, decoder);
        digest.update(blocks.bytes(), from, to - from);
    }

    /** A file that has changed meanwhile may have no more than half a line at its end. */
    private Piece end(long stampMs) throws IOException {
        Optional<Stat> now = Stat.of(task.path());
        if (!now.equals(Optional.of(task.stat()))) {
            throw new Changed("it had " + task.stat().size() + " bytes and has "
                    + now.map(Stat::size).orElse(0L) + ", or was written to, or is another file");
        }
        feed(0, blocks.filled());
        splitter.end(decoder);
        last = position();
        ended = true;
        return noted(new SpoolNote(State.COMPLETE, task.stat(), last, "", stampMs), decoder.take());
    }

    private Position position() {
        return new Position(splitter.behind(), Content.hash(digest), decoder.directives());
    }

    private Piece bad(Reason reason, String why, long stampMs) {
        ended = true;
        return bad(task, reason, why, new Bad(last, decoderLabel, stampMs), onDisk);
    }

    private Piece noted(SpoolNote note, Decoded.Events events) {
        return noted(task, note, events, onDisk);
    }

    private static Piece noted(Task task, SpoolNote note, Decoded.Events events, BiConsumer<Task, SpoolNote> onDisk) {
        Mark mark = Notes.mark(task.key(), note);
        return new Piece(FileNames.shown(task.path()), events, List.of(mark), () -> onDisk.accept(task, note));
    }

    /** What is said about a bad file: one dead letter, which names the last line that counts. */
    private static Piece bad(Task task, Reason reason, String why, Bad bad, BiConsumer<Task, SpoolNote> onDisk) {
        Place behind = bad.last().behind();
        String detail = "behind line " + behind.number() + ", offset " + behind.offset()
                + " (what is before it counts): " + why;
        Decoded.Damaged letter = new Decoded.Damaged(
                Decoded.Rejected.of(reason, bad.decoder(), detail),
                behind.number() + 1,
                new byte[0],
                task.stat().size());
        SpoolNote note =
                new SpoolNote(State.BAD, task.stat(), bad.last(), reason.label() + ": " + detail, bad.stampMs());
        return noted(task, note, new Decoded.Events(List.of(), List.of(letter)), onDisk);
    }

    private record Bad(Position last, String decoder, long stampMs) {}

    /** A file that was read and has changed since: nothing is read, but it is said. */
    static Reading changed(Task task, LineDecoder.Kind kind, BiConsumer<Task, SpoolNote> onDisk) {
        String why = "it changed after it was taken as complete";
        return new Once(
                stampMs -> bad(task, Reason.FILE_CHANGED, why, new Bad(task.from(), kind.label(), stampMs), onDisk));
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
            return "it changed after it was taken as complete: " + super.getMessage();
        }
    }
}
