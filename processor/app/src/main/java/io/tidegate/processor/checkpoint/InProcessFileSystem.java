package io.tidegate.processor.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.spark.SparkConf;

/**
 * Hadoop's local file system without a process for each file. Hadoop's own starts {@code chmod} for every file and folder that
 * it makes, and {@code readlink} eight times to rename one for Structured Streaming, unless its native library is there,
 * which it hardly ever is: batches of a second spend much of their time on starting processes.
 *
 * <p>Thread-safe, as Hadoop's.
 */
public final class InProcessFileSystem extends LocalFileSystem {

    /** Called by Hadoop. */
    public InProcessFileSystem() {
        super(new Raw());
    }

    /** Has Spark use it for {@code file:} paths, unless somebody chose another. All of Spark must run in this JVM. */
    public static void configure(SparkConf conf) {
        conf.setIfMissing("spark.hadoop.fs.file.impl", InProcessFileSystem.class.getName());
        conf.setIfMissing("spark.hadoop.fs.AbstractFileSystem.file.impl", Context.class.getName());
    }

    private static final class Raw extends RawLocalFileSystem {
        @Override
        public void setPermission(Path path, FsPermission permission) throws IOException {
            java.nio.file.Path file = pathToFile(path).toPath();
            PosixFileAttributeView attributes = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (attributes == null || permission.getStickyBit()) {
                super.setPermission(path, permission);
            } else {
                attributes.setPermissions(PosixFilePermissions.fromString(permission.getUserAction().SYMBOL
                        + permission.getGroupAction().SYMBOL
                        + permission.getOtherAction().SYMBOL));
            }
        }

        @Override
        public FileStatus getFileLinkStatus(Path path) throws IOException {
            boolean isLink = Files.isSymbolicLink(pathToFile(path).toPath());
            return isLink ? super.getFileLinkStatus(path) : getFileStatus(path);
        }
    }

    /** The same for those who use Hadoop's {@code FileContext}, as the checkpoints of Structured Streaming do. */
    public static final class Context extends ChecksumFs {

        /** Called by Hadoop. */
        public Context(URI address, Configuration conf) throws IOException, URISyntaxException {
            super(new RawContext(conf));
        }
    }

    private static final class RawContext extends DelegateToFileSystem {
        private RawContext(Configuration conf) throws IOException, URISyntaxException {
            super(FsConstants.LOCAL_FS_URI, new Raw(), conf, FsConstants.LOCAL_FS_URI.getScheme(), false);
        }

        @Override
        public int getUriDefaultPort() {
            return -1;
        }

        @Override
        public boolean isValidName(String name) {
            return true; // as Hadoop's own: what is a valid name is for the operating system to say
        }
    }
}
