using System.IO;
using Strata.Tests;
using Xunit;

namespace Strata.Weights.Tests;

/// <summary>Limits of the package.</summary>
public sealed class LimitTests
{
    [Fact]
    public void An_HDF5_file_is_refused()
    {
        using var net = new Small(seed: 1);
        Limit.Throws<WeightsFormatException>(
            "no weights in HDF5", () => net.LoadPyTorch(new MemoryStream([0x89, .. "HDF\r\n\u001A\n"u8])));
    }
}
