namespace TelemetryHub.Core.Access;

/// <summary>Every answer to a connection attempt.</summary>
public enum ConnectVerdict : byte
{
    /// <summary>Let in.</summary>
    Allowed,

    /// <summary>The credentials are wrong or missing.</summary>
    BadCredentials,

    /// <summary>The credentials are right, but this client may not connect.</summary>
    NotAuthorized,

    /// <summary>Not to be heard again for a while.</summary>
    Banned,
}
