package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.LineSplitter;
import io.tidegate.gateway.decode.LineSplitter.Place;
import io.tidegate.gateway.log.StateUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One log, from when it is first seen until it is gone. While it is held open it can be read to its end under whatever name,
 * or none; it is opened again where it was last, if what was read of it stands there. Not thread-safe.
 */
final class TailedLog {

    /** So much is read of a log that is begun at its end. */
    static final int SKIMMED = 64 << 20;

    private final String key;
    private final String folder;
    private final String name;
    private final LineDecoder decoder;
    private final OpenLogs openLogs;
    private LineSplitter splitter;

    // Where it is.
    private long inode;
    private @Nullable Path path;
    private @Nullable FileChannel channel;
    private boolean gone;
    // What was read of it: noted up to the last line end, fed to the splitter as far as it goes.
    private TailState fileState;
    // The fingerprint is known once it was found in this life.
    private Fingerprint fingerprint = Fingerprint.none();
    private boolean found;
    private long fed;
    // How it looked.
    private FileStat stat;
    private long tried = -1;
    private long grownNanos;
    private boolean rotated;

    /** A log that is read from where its state says. */
    TailedLog(String key, TailState fileState, LineDecoder decoder, OpenLogs openLogs) {
        this.key = key;
        this.fileState = fileState;
        this.folder = fileState.folder();
        this.name = fileState.name();
        this.openLogs = openLogs;
        this.inode = fileState.inode();
        this.decoder = decoder;
        this.splitter = new LineSplitter(decoder.lineBytes(), fileState.behind());
        this.fed = fileState.behind().offset();
        this.stat = new FileStat(inode, fed, 0);
    }

    /** Nothing of it has been read. */
    static TailState untouched(String folder, String name, long inode) {
        return new TailState(
                folder, name, inode, new Place(0, 0), Fingerprint.none().print(), List.of(), false);
    }

    /**
     * Opens it where it may be, if it is there.
     *
     * @return whether what was read of it stands there; it is not opened otherwise
     */
    boolean openAt(Path candidate, long itsInode) throws IOException {
        FileChannel opened = Fingerprint.open(candidate);
        boolean same = false;
        try {
            Fingerprint there = Fingerprint.of(opened, fed);
            // The name may have gone to another file since somebody looked at it.
            boolean here = FileStat.of(candidate)
                    .filter(now -> now.inode() == itsInode)
                    .isPresent();
            boolean like = found ? there.isLike(fingerprint) : there.print().equals(fileState.print());
            same = here && opened.size() >= fed && like;
            if (same) {
                close();
                channel = opened;
                fingerprint = there;
                found = true;
                path = candidate;
                inode = itsInode;
                gone = false;
                openLogs.used(this);
            }
            return same;
        } finally {
            if (!same) {
                opened.close();
            }
        }
    }

    /** Whether what was read of it still stands where it is. */
    boolean isIntact() throws IOException {
        FileChannel open = open();
        return open.size() >= fed && Fingerprint.of(open, fed).isLike(fingerprint);
    }

    /**
     * Whether another file is a copy of this log, or becomes one, made before this one is truncated. A short beginning may
     * be common to two logs, so the name has to say so as well.
     */
    boolean isCopiedBy(FileHead other) throws IOException {
        String its = other.name();
        long read = fileState.behind().offset();
        if (rotated || read == 0 || its.equals(name) || !(read >= Fingerprint.BYTES || its.startsWith(name))) {
            return false;
        }
        return other.print(read).equals(fileState.print().head())
                && (!other.isHole() || other.hasTrail(read, fileState.print()));
    }

    /** It is here under this name now. */
    void isAt(Path now) {
        path = now;
        gone = false;
    }

    /** No name leads to it any more. */
    void isNowhere() {
        gone = true;
    }

    /** Whether it can't be opened again once it is closed. */
    boolean isGone() {
        return gone;
    }

    /**
     * What was just seen of it.
     *
     * @param isRotated whether it is called something else than at first, or nothing any more
     */
    void seen(FileStat now, boolean isRotated, long nowNanos) {
        if (now.size() != stat.size() || (isRotated && !rotated)) {
            grownNanos = nowNanos;
        }
        stat = now;
        rotated |= isRotated;
    }

    /** Whether it has not been touched since it was seen last. */
    boolean looksLike(FileStat now) {
        return stat.equals(now);
    }

    /** Whether it has grown since somebody tried to read it to its end. */
    boolean hasNews() {
        return found && stat.size() > fed && stat.size() != tried;
    }

    /** It was read as far as it went when it was seen last. */
    void tried() {
        tried = stat.size();
    }

    /** As the file that is open tells, whatever it is called. */
    FileStat statOpen() throws IOException {
        return new FileStat(inode, open().size(), 0);
    }

    /** Whether it was rotated, and has not grown for so long. */
    boolean isQuiet(long settleNanos, long nowNanos) {
        return rotated && nowNanos - grownNanos >= settleNanos;
    }

    /** The file, opened again if it was closed. */
    FileChannel open() throws IOException {
        Path last = path;
        if (channel == null && (last == null || !openAt(last, inode))) {
            throw new NoSuchFileException(shown(), null, "it is another file now");
        }
        openLogs.used(this);
        return Objects.requireNonNull(channel);
    }

    boolean isOpen() {
        return channel != null;
    }

    /** Whether it was found since this process started. */
    boolean isFound() {
        return found;
    }

    /** Whether all of it was read when it was looked at last. */
    boolean isReadToItsEnd() {
        return found && stat.size() <= fed;
    }

    /** Lets it go; what was read of it stays known. */
    void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // It was only read.
            } finally {
                channel = null;
                openLogs.closed(this);
            }
        }
    }

    /** Gives lines to the decoder. */
    void feed(byte[] block, int from, int to) {
        splitter.feedBehindHoles(block, from, to, decoder);
        fingerprint.read(block, from, to);
        fed += to - from;
    }

    /**
     * Everything that it holds now is left out, but for what tells how to read what follows. Of a log that is longer than
     * {@value #SKIMMED} bytes only the beginning and the end are looked at for that, and its lines are counted from there.
     */
    void skipToEnd() throws IOException {
        FileChannel file = open();
        long size = file.size();
        if (size > SKIMMED) {
            skim(file, 0, LineBlocks.SIZE);
            long line = Fingerprint.lineBegin(file, size - SKIMMED / 2);
            splitter = new LineSplitter(decoder.lineBytes(), new Place(0, line));
            fed = line;
        }
        skim(file, fed, size - fed);
        Decoded.Events unusedEvents = decoder.take();
        fingerprint = Fingerprint.of(file, splitter.behind().offset());
        StateUpdate unused = noted(false);
        fingerprint = Fingerprint.of(file, fed);
    }

    private void skim(FileChannel file, long from, long bytes) throws IOException {
        LineSplitter.Lines directives = new Directives(decoder);
        LineBlocks blocks = new LineBlocks();
        InputStream in = new TailReader.Limited(Channels.newInputStream(file.position(from)), bytes);
        while (blocks.next(in)) {
            splitter.feedBehindHoles(blocks.bytes(), 0, blocks.length(), directives);
            fed += blocks.length();
        }
    }

    /** What has no line end is a line: nothing follows. */
    void endLine() {
        splitter.end(decoder);
    }

    /**
     * Behind what was fed, which ends where a line ends.
     *
     * @param finished whether that is the end of it; it stays finished when something is written to it later
     */
    StateUpdate noted(boolean finished) {
        fileState = new TailState(
                folder,
                name,
                inode,
                splitter.behind(),
                fingerprint.print(),
                decoder.directives(),
                finished || fileState.finished());
        return JsonState.update(key, fileState);
    }

    /** As it was noted last, but for where it is now. */
    StateUpdate noted() {
        fileState = new TailState(
                fileState.folder(),
                fileState.name(),
                inode,
                fileState.behind(),
                fileState.print(),
                fileState.directives(),
                fileState.finished());
        return JsonState.update(key, fileState);
    }

    /** Whether what was fed last ended a line. */
    boolean isBetweenLines() {
        return splitter.isBetweenLines();
    }

    boolean isFinished() {
        return fileState.finished();
    }

    String key() {
        return key;
    }

    String folder() {
        return folder;
    }

    String name() {
        return name;
    }

    /** Where it is, or was last, for people. */
    String shown() {
        Path last = path;
        return last == null ? folder + "/" + name : FileNames.shown(last);
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
        return fileState.behind();
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
