package io.tidegate.gateway.ingest.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.junit.Patience;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sockets, with somebody behind them who takes what the test says. */
class SyslogServerTest {

    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> durable = new CompletableFuture<>();

    @Test
    void a_connection_is_not_read_while_what_it_sent_is_not_on_disk_and_loses_nothing() throws Exception {
        try (SyslogServer server = start(4);
                SocketChannel sender = SocketChannel.open(local(server.port()))) {
            sender.configureBlocking(false);
            byte[] line = ("<1>" + "x".repeat(996) + "\n").getBytes(UTF_8);
            ByteBuffer next = ByteBuffer.wrap(line);
            int sent = 0;
            while (sender.write(next) > 0) {
                if (!next.hasRemaining()) {
                    sent++;
                    next.rewind();
                }
            }
            await("the first piece").until(() -> !taken.isEmpty());
            assertThat(taken.size()).as("the window is shut").isLessThan(sent);
            int whole = sent;
            durable.complete("");
            sender.configureBlocking(true);
            while (next.position() > 0 && next.hasRemaining()) {
                sender.write(next);
                whole = sent + 1;
            }

            int all = whole;
            await().until(() -> taken.size() >= all);
            assertThat(taken).hasSize(all).containsOnly("tcp 127.0.0.1 " + new String(line, 0, 999, UTF_8));
        }
    }

    @Test
    void datagrams_wait_in_the_kernel_and_those_it_drops_are_counted() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/net/udp")), "a kernel that tells what it dropped");
        int sent = 20_000;
        try (SyslogServer server = start(4)) {
            try (DatagramSocket first = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                for (int i = 0; i < sent; i++) {
                    send(first, server.port(), "<1>" + i + "y".repeat(500));
                }
            }
            await("the kernel's count").until(() -> server.drops() > 0);
            durable.complete("");

            await().until(() -> taken.size() + server.drops() == sent);
            server.drain();
            assertThat(taken).doesNotHaveDuplicates().isNotEmpty();
        }
    }

    @Test
    void what_was_received_is_read_before_it_stops() throws Exception {
        SyslogServer server = SyslogServer.bind(settings(8));
        try (Socket tcp = new Socket(InetAddress.getLoopbackAddress(), server.port());
                DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            // Nobody reads yet: all of it is in the kernel.
            for (int i = 0; i < 50; i++) {
                send(udp, server.port(), "<1>udp " + i);
                tcp.getOutputStream().write(("<1>tcp " + i + "\n").getBytes(UTF_8));
            }
            tcp.getOutputStream().write("<1>half".getBytes(UTF_8));
            await("the kernel has brought all of it").until(() -> underWay(tcp.getLocalPort()) == 0);
            durable.complete("");
            server.start(this::take);
            server.drain();

            assertThat(taken.stream().filter(message -> message.startsWith("tcp")))
                    .containsExactlyElementsOf(List.copyOf(IntStream.rangeClosed(0, 50)
                            .mapToObj(i -> i < 50
                                    ? "tcp 127.0.0.1 <1>tcp " + i
                                    : "tcp 127.0.0.1 broken: the connection ended behind byte 7 of a message")
                            .toList()));
            assertThat(taken.stream().filter(message -> message.startsWith("udp")))
                    .containsExactlyElementsOf(IntStream.range(0, 50)
                            .mapToObj(i -> "udp 127.0.0.1 <1>udp " + i)
                            .toList());
            assertThat(server.connections()).isZero();
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), server.port()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void who_never_stops_sending_does_not_keep_it_from_stopping() throws Exception {
        durable.complete("");
        SyslogServer server = start(8);
        Thread sender = new Thread(() -> {
            try (Socket tcp = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                while (true) {
                    tcp.getOutputStream().write("<1>again\n".getBytes(UTF_8));
                }
            } catch (IOException hungUp) {
                taken.add("hung up on");
            }
        });
        sender.start();
        await().until(() -> !taken.isEmpty());
        server.drain();

        sender.join();
        assertThat(taken).contains("hung up on");
    }

    @Test
    void there_are_so_many_connections_and_no_more() throws Exception {
        durable.complete("");
        try (SyslogServer server = start(1);
                Socket first = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            first.getOutputStream().write("<1>a\n".getBytes(UTF_8));
            await().until(() -> taken.size() == 1);
            try (Socket second = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                second.setSoTimeout((int) Patience.LIMIT.toMillis());
                assertThat(second.getInputStream().read()).isEqualTo(-1);
            }
            first.close();
            await().until(() -> server.connections() == 0);
        }
    }

    @Test
    void drops_are_those_of_the_port() {
        String line =
                " 1234: 0100007F:1389 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 42";

        assertThat(KernelDrops.drops(line, 0x1389)).isEqualTo(42);
        assertThat(KernelDrops.drops(line, 0x138A)).isZero();
        assertThat(KernelDrops.drops("  sl  local_address rem_address   st tx_queue drops", 0x1389))
                .isZero();
    }

    private SyslogServer start(int connections) throws IOException {
        SyslogServer server = SyslogServer.bind(settings(connections));
        server.start(this::take);
        return server;
    }

    private CompletableFuture<?> take(String origin, List<SyslogFrame> piece) {
        piece.forEach(frame -> taken.add(origin + " " + text(frame)));
        return durable;
    }

    private static String text(SyslogFrame frame) {
        return frame instanceof SyslogFrame.Message message
                ? message.bytes().toStringUtf8()
                : "broken: " + ((SyslogFrame.Broken) frame).why();
    }

    @Test
    void a_connection_that_is_silent_is_closed_and_one_that_speaks_is_not() throws Exception {
        try (SyslogServer server = SyslogServer.bind(settings(8, Duration.ofMillis(300)))) {
            server.start((origin, piece) -> CompletableFuture.completedFuture(null));
            try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                silent.setSoTimeout((int) Patience.LIMIT.toMillis());
                silent.getOutputStream().write("<1>a\n".getBytes(UTF_8));
                assertThat(silent.getInputStream().read()).isEqualTo(-1);
            }
            await().until(() -> server.connections() == 0);
        }
    }

    @Test
    void connections_wait_for_the_room_that_others_take_on_their_way_to_the_log() throws Exception {
        Queue<CompletableFuture<?>> underWay = new ConcurrentLinkedQueue<>();
        // Each reserves 64 KiB, the longest message and 128 bytes: 15 find room in 1 MiB.
        try (SyslogServer server = SyslogServer.bind(settings(64, Duration.ofHours(1)))) {
            server.start((origin, piece) -> {
                CompletableFuture<Void> durable = new CompletableFuture<>();
                underWay.add(durable);
                return durable;
            });
            List<Socket> senders = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Socket sender = new Socket(InetAddress.getLoopbackAddress(), server.port());
                senders.add(sender);
                sender.getOutputStream().write("<1>a\n".getBytes(UTF_8));
            }
            await().until(() -> server.connections() == 20 && underWay.size() == 15);
            underWay.forEach(durable -> durable.complete(null));
            await().until(() -> underWay.size() == 20);
            underWay.forEach(durable -> durable.complete(null));
            for (Socket sender : senders) {
                sender.close();
            }
        }
    }

    private static SyslogSettings settings(int connections) {
        return settings(connections, Duration.ofHours(1));
    }

    private static SyslogSettings settings(int connections, Duration idle) {
        return new SyslogSettings(
                "syslog",
                0,
                new SyslogSettings.Rules(
                        "127.0.0.1",
                        true,
                        true,
                        LineDecoder.Kind.WEBLOG,
                        LinePrefix.NONE,
                        2_000,
                        connections,
                        1 << 20,
                        idle,
                        1 << 16,
                        100));
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static void send(DatagramSocket socket, int port, String message) throws IOException {
        byte[] bytes = message.getBytes(UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
    }

    /** The bytes that the kernel has taken from a TCP port of ours and has not heard an acknowledgement of; Linux. */
    private static long underWay(int port) throws IOException {
        Pattern from =
                Pattern.compile("\\s*\\d+: [0-9A-F]+:%04X [0-9A-F:]+ [0-9A-F]{2} ([0-9A-F]+):.*".formatted(port));
        long bytes = 0;
        for (Path table : List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"))) {
            for (String line : Files.isReadable(table) ? Files.readAllLines(table) : List.<String>of()) {
                Matcher socket = from.matcher(line);
                bytes += socket.matches() ? Long.parseLong(socket.group(1), 16) : 0;
            }
        }
        return bytes;
    }
}
