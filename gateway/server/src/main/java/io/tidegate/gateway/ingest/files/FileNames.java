package io.tidegate.gateway.ingest.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Names of files as text, of whatever bytes they are and whatever the locale of this process is. Java decodes them by the
 * locale, and what can't be decoded is lost in the text of a path: such a text leads to no file, and two names may share it.
 * So a file is opened by the path that its folder's listing gave, and known by its name from here.
 */
final class FileNames {

    /** Stands in front of a name that is no UTF-8; no file's name holds it. */
    private static final String ESCAPED = "/";

    private FileNames() {}

    /** The last part of a path, by which a file is known: no two names have the same one. */
    static String of(Path file) {
        String text = String.valueOf(file.getFileName());
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        String escaped = escaped(file);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(escaped))).toString();
        } catch (CharacterCodingException e) {
            return ESCAPED + escaped;
        }
    }

    /** A file for people: what is no UTF-8 and no printable character is escaped as in a URI. */
    static String shown(Path file) {
        String name = of(file);
        boolean printable = !name.startsWith(ESCAPED) && name.chars().noneMatch(Character::isISOControl);
        Path folder = file.getParent();
        return (folder == null ? "" : folder + "/") + (printable ? name : escaped(file));
    }

    /** The path in a folder that is called as a file is, with something behind its name. */
    static Path inFolder(Path folder, Path file, String behind) {
        String text = file.getFileName() + behind;
        if (text.chars().allMatch(c -> c < 0x80)) {
            return folder.resolve(text);
        }
        StringBuilder path = new StringBuilder(folder.toUri().getRawPath());
        if (path.charAt(path.length() - 1) != '/') {
            path.append('/');
        }
        path.append(escaped(file));
        for (byte each : behind.getBytes(UTF_8)) {
            path.append('%').append(HexFormat.of().toHexDigits(each));
        }
        return Path.of(URI.create("file://" + path));
    }

    /** A URI holds each byte of a name that is not ASCII as two digits. */
    private static String escaped(Path file) {
        String path = file.toUri().getRawPath();
        int end = path.endsWith("/") ? path.length() - 1 : path.length();
        return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
    }

    private static byte[] bytes(String escaped) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }
}
