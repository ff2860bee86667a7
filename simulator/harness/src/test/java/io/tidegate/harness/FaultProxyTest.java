package io.tidegate.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.harness.FaultProxy.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tool that is to be trusted with faults, tried itself. */
final class FaultProxyTest {

    private static final int PATIENCE_MS = 60_000;

    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread server = new Thread(this::serve);
        server.setDaemon(true);
        server.start();
        proxy = FaultProxy.to(echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    private void serve() {
        while (!echo.isClosed()) {
            try (Socket socket = echo.accept()) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException e) {
                // The next one.
            }
        }
    }

    @Test
    void bytes_pass_when_nothing_is_wrong() throws IOException {
        try (Socket socket = connect()) {
            assertThat(said(socket, "hello")).isEqualTo("hello");
        }
    }

    @Test
    void a_bit_flips_at_its_place_alone() throws IOException {
        proxy.flip(Direction.TO_CLIENT, 1);

        try (Socket socket = connect()) {
            assertThat(said(socket, "hello")).isEqualTo("h" + (char) ('e' ^ 0x10) + "llo");
        }
    }

    @Test
    void a_cut_comes_after_the_bytes_that_it_lets_through() throws IOException {
        proxy.cutAfter(Direction.TO_CLIENT, 3);

        try (Socket socket = connect()) {
            socket.getOutputStream().write("hello".getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("hel");
        }
    }

    @Test
    void half_open_is_silence_and_healing_lets_new_bytes_through() throws IOException {
        try (Socket socket = connect()) {
            proxy.halfOpen();
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> said(socket, "lost")).isInstanceOf(SocketTimeoutException.class);
            await().until(() -> proxy.swallowed() == "lost".length());
            proxy.heal();
            socket.setSoTimeout(PATIENCE_MS);
            assertThat(said(socket, "found")).isEqualTo("found");
        }
    }

    @Test
    void a_stall_keeps_the_bytes_until_it_is_healed() throws IOException {
        try (Socket socket = connect()) {
            assertThat(said(socket, "a")).isEqualTo("a");
            proxy.stall(Direction.TO_CLIENT);
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> said(socket, "b")).isInstanceOf(SocketTimeoutException.class);
            proxy.heal();
            socket.setSoTimeout(PATIENCE_MS);
            assertThat(socket.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void a_delay_is_latency_and_no_limit_of_the_rate() throws IOException {
        proxy.delay(Duration.ofMillis(500));
        byte[] much = new byte[2 << 20];

        try (Socket socket = connect()) {
            long begun = System.nanoTime();
            assertThat(said(socket, "a")).isEqualTo("a");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            Thread writer = new Thread(() -> write(socket, much));
            writer.start();
            CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> read(socket, much.length));
            // Each piece of 16 KiB for itself would take longer than anybody waits here.
            await().until(read::isDone);
            assertThat(read.join()).hasSize(much.length);
        }
    }

    @Test
    void what_was_sent_before_the_end_arrives_before_the_end() throws IOException {
        proxy.delay(Duration.ofMillis(50));

        try (Socket socket = connect()) {
            socket.getOutputStream().write("hello".getBytes(UTF_8));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("hello");
        }
    }

    private static byte[] read(Socket socket, int count) {
        try {
            return socket.getInputStream().readNBytes(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void refused_connections_end_at_once_and_open_ones_too() throws IOException {
        try (Socket before = connect()) {
            assertThat(said(before, "a")).isEqualTo("a");
            proxy.refuse();
            assertThat(before.getInputStream().read()).isEqualTo(-1);
            try (Socket after = connect()) {
                assertThat(after.getInputStream().read()).isEqualTo(-1);
            }
            await().until(() -> proxy.open() == 0);
        }
    }

    @Test
    void a_reset_is_an_error_for_the_reader() throws IOException {
        try (Socket socket = connect()) {
            assertThat(said(socket, "a")).isEqualTo("a");
            proxy.reset();
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(IOException.class);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static String said(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        InputStream in = socket.getInputStream();
        return new String(in.readNBytes(text.length()), UTF_8);
    }
}
