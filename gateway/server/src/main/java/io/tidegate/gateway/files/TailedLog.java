package io.tidegate.gateway.files;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.log.Mark;
import io.tidegate.gateway.weblog.LineSplitter;
import io.tidegate.gateway.weblog.LineSplitter.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One log, from when it is first seen until it is finished. It is held open, so that it can be read to its end under
 * whatever name, or none. Not thread-safe.
 */
final class TailedLog {

    private final String key;
    private final Path folder;
    private final String name;
    private final LineDecoder decoder;
    private final LineSplitter splitter;

    // Where it is.
    private long inode;
    private Path path;
    private @Nullable FileChannel channel;
    // What was read of it: noted up to the last line end, fed to the splitter as far as it goes.
    private TailNote note;
    private Trail trail = Trail.none();
    private long fed;
    // How it looked.
    private Stat stat;
    private long tried = -1;
    private long grownNanos;
    private boolean rotated;

    /** A log that is read from where its note says. */
    TailedLog(String key, TailNote note, LineDecoder decoder) {
        this.key = key;
        this.note = note;
        this.folder = Path.of(note.folder());
        this.name = note.name();
        this.path = folder.resolve(name);
        this.inode = note.inode();
        this.decoder = decoder;
        this.splitter = new LineSplitter(decoder.lineBytes(), note.behind());
        this.fed = note.behind().offset();
        this.stat = new Stat(inode, fed, 0);
    }

    /** Nothing of it has been read. */
    static TailNote untouched(Path folder, String name, long inode) {
        return new TailNote(
                folder.toString(), name, inode, new Place(0, 0), Trail.none().print(), List.of(), false);
    }

    /**
     * Opens it where it may be, if it is there.
     *
     * @return whether what was read of it stands there; it is not opened otherwise
     */
    boolean openAt(Path candidate, long itsInode) throws IOException {
        FileChannel opened = FileChannel.open(candidate, StandardOpenOption.READ);
        boolean same = false;
        try {
            Trail there = Trail.of(opened, note.behind().offset());
            // The name may have gone to another file since somebody looked at it.
            boolean here =
                    Stat.of(candidate).filter(now -> now.inode() == itsInode).isPresent();
            same = here && opened.size() >= fed && there.print().equals(note.print());
            if (same) {
                trail = fed == note.behind().offset() ? there : trail;
                close();
                channel = opened;
                path = candidate;
                inode = itsInode;
            }
            return same;
        } finally {
            if (!same) {
                opened.close();
            }
        }
    }

    /** Whether what was read of it still stands where it is; false as well: it is not open. */
    boolean isIntact() throws IOException {
        FileChannel open = channel;
        return open != null && open.size() >= fed && Trail.of(open, fed).isLike(trail);
    }

    /**
     * Whether another file is a copy of this log, or becomes one, made before this one is truncated. A short beginning may
     * be common to two logs, so the name has to say so as well.
     */
    boolean isCopiedBy(Path other) throws IOException {
        String its = String.valueOf(other.getFileName());
        long read = note.behind().offset();
        if (rotated || read == 0 || its.equals(name) || !(read >= Trail.BYTES || its.startsWith(name))) {
            return false;
        }
        try (FileChannel file = FileChannel.open(other, StandardOpenOption.READ)) {
            return Trail.headOf(file, read).equals(note.print().head());
        }
    }

    /** It is here under this name now. */
    void isAt(Path now) {
        path = now;
    }

    /**
     * What was just seen of it.
     *
     * @param isRotated whether it is called something else than at first, or nothing any more
     */
    void seen(Stat now, boolean isRotated, long nowNanos) {
        if (now.size() != stat.size() || (isRotated && !rotated)) {
            grownNanos = nowNanos;
        }
        stat = now;
        rotated |= isRotated;
    }

    /** Whether it has not been touched since it was seen last. */
    boolean looksLike(Stat now) {
        return stat.equals(now);
    }

    /** Whether it has grown since somebody tried to read it to its end. */
    boolean hasNews() {
        return channel != null && stat.size() > fed && stat.size() != tried;
    }

    /** It was read as far as it went when it was seen last. */
    void tried() {
        tried = stat.size();
    }

    /** As the file that is open tells, whatever it is called. */
    Stat statOpen() throws IOException {
        return new Stat(inode, open().size(), 0);
    }

    /** Whether it was rotated, and has not grown for so long. */
    boolean isQuiet(long settleNanos, long nowNanos) {
        return rotated && nowNanos - grownNanos >= settleNanos;
    }

    FileChannel open() {
        if (channel == null) {
            throw new IllegalStateException(path + " is not open");
        }
        return channel;
    }

    boolean isOpen() {
        return channel != null;
    }

    /** Lets it go; what was read of it stays known. */
    void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                channel = null;
            }
        }
    }

    /** Gives lines to the decoder. */
    void feed(byte[] block, int from, int to) {
        splitter.feed(block, from, to, decoder);
        trail.read(block, from, to);
        fed += to - from;
    }

    /** Everything that it holds now is left out, but for what tells how to read what follows. */
    void skipToEnd() throws IOException {
        LineSplitter.Lines directives = new Directives(decoder);
        LineBlocks blocks = new LineBlocks();
        InputStream in = Channels.newInputStream(open().position(0));
        while (blocks.next(in)) {
            splitter.feed(blocks.bytes(), 0, blocks.length(), directives);
            trail.read(blocks.bytes(), 0, blocks.length());
            fed += blocks.length();
            if (blocks.endsLine()) {
                Mark unused = noted(false);
            }
        }
        Decoded.Events unused = decoder.take();
    }

    /** What has no line end is a line: nothing follows. */
    void endLine() {
        splitter.end(decoder);
    }

    /** Behind what was fed, which ends where a line ends. */
    Mark noted(boolean finished) {
        note = new TailNote(
                folder.toString(), name, inode, splitter.behind(), trail.print(), decoder.directives(), finished);
        return Notes.mark(key, note);
    }

    /** As it was noted last, but for where it is now. */
    Mark noted() {
        note = new TailNote(
                note.folder(), note.name(), inode, note.behind(), note.print(), note.directives(), note.finished());
        return Notes.mark(key, note);
    }

    boolean isFinished() {
        return note.finished();
    }

    String key() {
        return key;
    }

    Path folder() {
        return folder;
    }

    String name() {
        return name;
    }

    Path path() {
        return path;
    }

    long inode() {
        return inode;
    }

    long fed() {
        return fed;
    }

    long size() {
        return stat.size();
    }

    Place behind() {
        return note.behind();
    }

    LineDecoder decoder() {
        return decoder;
    }

    /** Of a log's lines only those that say how to read it. */
    private record Directives(LineDecoder decoder) implements LineSplitter.Lines {

        @Override
        public void line(byte[] bytes, int from, int to, Place place) {
            if (to > from && bytes[from] == '#') {
                decoder.line(bytes, from, to, place);
            }
        }

        @Override
        public void tooLong(byte[] head, long length, Place place) {
            // Left out like all others.
        }
    }
}
