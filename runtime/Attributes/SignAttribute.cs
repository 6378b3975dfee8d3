using System;

namespace Strata;

/// <summary>The sign of each element: −1, 0 or 1: PyTorch's <c>torch.sign</c>.</summary>
/// <remarks>
/// <para>Shape: unchanged. Formula: y = x/|x|, and 0 at 0. Its derivative is 0.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SignAttribute : LayerAttribute;
