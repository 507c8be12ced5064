using System.Security.Cryptography.X509Certificates;
using TelemetryHub.Server.Tests.Configuration;
using TelemetryHub.Server.Tests.Hosting;

namespace TelemetryHub.Server.Tests.Http;

public sealed class HttpsTests : IDisposable
{
    private readonly PemFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Https_is_served_with_the_certificate_of_the_files()
    {
        await using var hub = HubProcess.Start(
        [
            "--Mqtt:Listen=127.0.0.1:0", "--Http:Listen=", "--Http:TlsListen=127.0.0.1:0",
            $"--Http:TlsCertificate={_files.Certificate}", $"--Http:TlsKey={_files.Key}",
        ]);
        var address = await hub.AddressAsync("https");

        X509Certificate? seen = null;
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => Keep(certificate) };
        using var client = new HttpClient(handler);
        (await client.GetStringAsync(address + "/health/live", TestContext.Current.CancellationToken)).ShouldBe("live\n");
        seen!.GetCertHashString().ShouldBe(_files.Thumbprint);

        bool Keep(X509Certificate? certificate)
        {
            seen = certificate;
            return true;
        }
    }

    [Fact]
    public void A_key_of_another_certificate_is_found_by_the_check()
    {
        using var others = new PemFiles();

        Reading.Of(args: ["--Http:TlsListen=127.0.0.1:0", $"--Http:TlsCertificate={_files.Certificate}", $"--Http:TlsKey={others.Key}"])
            .Problems.ShouldBe([$"Http:TlsCertificate (command line): '{others.Key}' is not the key of '{_files.Certificate}'"]);
    }

    [Fact]
    public void Files_that_are_no_certificate_are_found_by_the_check()
    {
        File.WriteAllText(_files.Certificate, "hello");

        Reading.Of(args: ["--Mqtt:TlsListen=127.0.0.1:0", $"--Mqtt:TlsCertificate={_files.Certificate}", $"--Mqtt:TlsKey={_files.Key}"])
            .Problems.ShouldHaveSingleItem().ShouldContain("cannot be used");
    }
}
