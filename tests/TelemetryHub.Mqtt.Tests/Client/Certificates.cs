using System.Diagnostics;

namespace TelemetryHub.Mqtt.Tests.Client;

/// <summary>An authority, a server and a client, as openssl makes them.</summary>
public sealed class Certificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-certificates-");

    public Certificates()
    {
        Run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority");
        Issue("server", "subjectAltName=DNS:localhost,IP:127.0.0.1");
        Issue("client", "extendedKeyUsage=clientAuth");
    }

    public string this[string file] => Path.Combine(_folder.FullName, file);

    public void Dispose() => _folder.Delete(recursive: true);

    private void Issue(string name, string extension)
    {
        File.WriteAllText(this[$"{name}.ext"], extension);
        Run($"req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}");
        Run($"x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem -days 2 -extfile {name}.ext");
    }

    private void Run(string arguments)
    {
        using var openssl = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardError = true,
        })!;
        var complaint = openssl.StandardError.ReadToEnd();
        openssl.WaitForExit();
        openssl.ExitCode.ShouldBe(0, complaint);
    }
}
