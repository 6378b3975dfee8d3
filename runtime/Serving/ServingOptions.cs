using System;

namespace Strata.Serving;

/// <summary>What is the same for all models.</summary>
public sealed class ServingOptions
{
    /// <summary>The server's name in its metadata.</summary>
    public string Name { get; set; } = "strata";

    /// <summary>The longest request, in bytes. A longer one is refused with 413, in gRPC with <c>RESOURCE_EXHAUSTED</c>.</summary>
    public int MaxRequestLength { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// The most bytes of all requests that are being read, over HTTP and gRPC together; at least <see cref="MaxRequestLength"/>. The first
    /// megabyte of each is not counted, so that requests of the usual lengths go on. A request beyond it is refused with 503, in gRPC with
    /// <c>UNAVAILABLE</c>.
    /// </summary>
    public long MaxRequestMemory { get; set; } = 256 * 1024 * 1024;

    /// <summary>
    /// Whether clients may load and unload models. They can name no file: a model loads the file that the app configured. Protect these
    /// endpoints by authorization if others than you reach them.
    /// </summary>
    public bool AllowLoading { get; set; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Name);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRequestLength, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRequestMemory, MaxRequestLength);
    }
}
