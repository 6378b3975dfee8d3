using System;
using Strata.Tests;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>Limits of the package.</summary>
public sealed class LimitTests
{
    /// <summary>One pixel, without loss.</summary>
    private const string Pixel = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";

    [Fact]
    public void A_WebP_file_is_refused() =>
        Limit.Throws<ImageFormatException>("no WebP", () => ImageFile.Read(Convert.FromBase64String(Pixel)));
}
