using System;

namespace Strata;

/// <summary>
/// Begins a branch. All branches of a group read the same tensor; <see cref="AddAttribute"/>, <see cref="ConcatAttribute"/> or
/// <see cref="MultiplyAttribute"/> joins them.
/// </summary>
/// <remarks>
/// <para>
/// The first <c>[Branch]</c> opens a group at the tensor before it. Each further <c>[Branch]</c> goes back to that tensor. The
/// join closes the group.
/// </para>
/// <para>A branch without layers is the identity, such as the shortcut of a residual block (He et al. 2016):</para>
/// <code>
/// [Branch, Conv2D(64, 3, Padding = 1), ReLU, Conv2D(64, 3, Padding = 1)]
/// [Branch]
/// [Add, ReLU]
/// </code>
/// <para>
/// A group has at least two branches. After the join, a <c>[Branch]</c> opens the next group. To nest groups, put the inner one
/// into a block: each block has groups of its own.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class BranchAttribute : StructureAttribute;
