namespace TelemetryHub.EndToEnd.Tests.Programs;

/// <summary>The programs that the suite borrows, and the Debian package that each comes from.</summary>
public static class InstalledPrograms
{
    private static readonly Dictionary<string, string> DebianPackages = new(StringComparer.Ordinal)
    {
        ["mosquitto"] = "mosquitto",
        ["mosquitto_pub"] = "mosquitto-clients",
        ["mosquitto_sub"] = "mosquitto-clients",
        ["mosquitto_rr"] = "mosquitto-clients",
        ["haproxy"] = "haproxy",
        ["nginx"] = "nginx-light",
        ["chromium"] = "chromium",
        ["curl"] = "curl",
        ["stdbuf"] = "coreutils",
        ["node"] = "nodejs",
        ["npm"] = "npm",
    };

    // Debian keeps daemons in sbin, which is not on everybody's path.
    private static readonly string[] Directories =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/bin", "/usr/sbin", "/usr/local/sbin"];

    /// <summary>The full path of a program; the test fails with the package to install when it is missing.</summary>
    public static string Find(string name)
    {
        foreach (var directory in Directories)
        {
            var path = Path.Combine(directory, name);
            if (File.Exists(path)) return path;
        }

        throw new FileNotFoundException($"'{name}' is missing. Install it: apt-get install {DebianPackages.GetValueOrDefault(name, name)}");
    }
}
