using System;
using System.Threading.Tasks;

namespace Samples.Web.Client;

/// <summary>The network in the browser. It has the server's weights, and reads without the server once it has them.</summary>
/// <param name="api">The server.</param>
internal sealed class LocalReader(Api api) : IDisposable
{
    private DigitReader? _reader;

    /// <summary>Reads a digit.</summary>
    /// <param name="pixels">28×28 bytes.</param>
    /// <param name="weights">The id of the weights to read with. If this reader has others, it fetches the server's.</param>
    /// <exception cref="ServerException">The server does not give its weights.</exception>
    public async Task<Reading> ReadAsync(byte[] pixels, string weights)
    {
        if (_reader?.Weights != weights)
        {
            (byte[] file, string id) = await api.WeightsAsync();
            _reader?.Dispose();
            _reader = new DigitReader(file, id);
        }

        return _reader.Read(pixels);
    }

    public void Dispose() => _reader?.Dispose();
}
