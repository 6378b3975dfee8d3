using System;
using System.Collections.Generic;

namespace Strata;

/// <summary>
/// A network that stands in a file. If its code and its parameters are in a cache, the file is hashed, and not read.
/// </summary>
/// <param name="Name">What the network is called.</param>
/// <param name="Identity">All that the layers and the parameters depend on: the file's bytes, how it is read, and by which code.</param>
/// <param name="Read">Reads the file.</param>
/// <param name="At">The network for other extents of its inputs, without channels, with the same parameters.</param>
internal sealed record NetworkSource(
    string Name, Func<IReadOnlyList<string>> Identity, Func<NetworkContent> Read, Func<int[], NetworkBuilder> At);

/// <summary>What a file has.</summary>
/// <param name="Layers">The network.</param>
/// <param name="Initialize">Gives the parameters their values.</param>
/// <param name="IsWhole">Whether the file has all of it. Else there are other files, which its identity does not know.</param>
internal sealed record NetworkContent(NetworkBuilder Layers, Action<CompiledNetwork> Initialize, bool IsWhole);
