using System.Text;
using TelemetryHub.Mqtt.Client;
using TelemetryHub.Mqtt.Client.Authentication;

namespace TelemetryHub.Mqtt.Tests.Client;

public sealed class AuthenticationTests : IAsyncDisposable
{
    // The conversation of RFC 7677 §3: user "user", password "pencil"
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ClientFirst = $"n,,n=user,r={Nonce}";
    private const string ServerFirst = $"r={Nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string ClientFinal = $"c=biws,r={Nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private readonly FakeServer _server = new();

    [Fact]
    public async Task SCRAM_SHA_256_speaks_as_RFC_7677_shows()
    {
        var conversation = new ScramSha256Authentication("user", "pencil", () => Nonce).Begin();
        Text(await conversation.StartAsync(default)).ShouldBe(ClientFirst);
        Text(await conversation.RespondAsync(Bytes(ServerFirst), default)).ShouldBe(ClientFinal);
        await conversation.CompleteAsync(Bytes(ServerFinal), default);
    }

    [Theory]
    [InlineData("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=%,i=4096")]
    [InlineData("m=ext,r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("")]
    public async Task A_challenge_that_makes_no_sense_is_refused(string challenge)
    {
        var conversation = new ScramSha256Authentication("user", "pencil", () => Nonce).Begin();
        await conversation.StartAsync(default);
        await Should.ThrowAsync<MqttAuthenticationException>(async () => await conversation.RespondAsync(Bytes(challenge), default));
    }

    [Fact]
    public async Task A_user_name_is_escaped()
    {
        var conversation = new ScramSha256Authentication("a=b,c", "x", () => "n").Begin();
        Text(await conversation.StartAsync(default)).ShouldBe("n,,n=a=3Db=2Cc,r=n");
    }

    [Fact]
    public async Task The_conversation_runs_between_CONNECT_and_CONNACK_and_again_when_asked_for()
    {
        var client = _server.Client(Options());
        var connecting = client.ConnectAsync(Limits.Patience());
        var peer = await _server.AcceptAsync();
        var connect = await peer.ReadPacketAsync();
        Encoding.ASCII.GetString(connect).ShouldContain($"SCRAM-SHA-256\u0016\0\u001d{ClientFirst}".Replace("\u001d", ((char)ClientFirst.Length).ToString(), StringComparison.Ordinal));
        await peer.SendAsync(Auth(0x18, ServerFirst));
        await peer.ExpectAsync(Auth(0x18, ClientFinal));
        await peer.SendAsync(Packet(0x20, "00 00", Properties(ServerFinal)));
        await connecting.Soon();

        var again = client.AuthenticateAgainAsync(Limits.Patience());
        await peer.ExpectAsync(Auth(0x19, ClientFirst));
        await peer.SendAsync(Auth(0x18, ServerFirst));
        await peer.ExpectAsync(Auth(0x18, ClientFinal));
        await peer.SendAsync(Auth(0x00, ServerFinal));
        await again.Soon();
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_password_is_left_for_good()
    {
        var client = _server.Client(Options());
        var connecting = client.ConnectAsync(Limits.Patience());
        var peer = await _server.AcceptAsync();
        await peer.ReadPacketAsync();
        await peer.SendAsync(Auth(0x18, ServerFirst));
        await peer.ExpectAsync(Auth(0x18, ClientFinal));
        await peer.SendAsync(Packet(0x20, "00 00", Properties("v=AAAA")));
        await Should.ThrowAsync<MqttAuthenticationException>(connecting.Soon());
        client.State.ShouldBe(MqttConnectionState.Disconnected);
    }

    [Fact]
    public async Task A_refused_authentication_anew_ends_the_connection_and_the_call()
    {
        var client = _server.Client(Options() with { Reconnect = ReconnectPolicy.Off });
        var connecting = client.ConnectAsync(Limits.Patience());
        var peer = await _server.AcceptAsync();
        await peer.ReadPacketAsync();
        await peer.SendAsync(Auth(0x18, ServerFirst));
        await peer.ExpectAsync(Auth(0x18, ClientFinal));
        await peer.SendAsync(Packet(0x20, "00 00", Properties(ServerFinal)));
        await connecting.Soon();

        var again = client.AuthenticateAgainAsync(Limits.Patience());
        await peer.ExpectAsync(Auth(0x19, ClientFirst));
        await peer.SendAsync("E0 01 87");
        var failed = await Should.ThrowAsync<MqttDisconnectedException>(again.Soon());
        failed.End!.Reason.ShouldBe(ReasonCode.NotAuthorized);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private MqttClientOptions Options() =>
        _server.Options with { Authentication = new ScramSha256Authentication("user", "pencil", () => Nonce) };

    private static string Auth(byte reason, string data) => Packet(0xF0, $"{reason:X2}", Properties(data));

    private static byte[] Properties(string data) =>
        [0x15, 0, 13, .. "SCRAM-SHA-256"u8, 0x16, 0, (byte)data.Length, .. Encoding.ASCII.GetBytes(data)];

    private static string Packet(byte first, string head, byte[] properties)
    {
        byte[] length = properties.Length < 128 ? [(byte)properties.Length] : [(byte)(properties.Length | 0x80), (byte)(properties.Length >> 7)];
        byte[] body = [.. FakePeer.Parse(head), .. length, .. properties];
        byte[] total = body.Length < 128 ? [(byte)body.Length] : [(byte)(body.Length | 0x80), (byte)(body.Length >> 7)];
        return Convert.ToHexString([first, .. total, .. body]);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
