/** What several lazily loaded parts use goes into one file of its own, instead of into each of theirs. */
module.exports = {
  optimization: {
    splitChunks: {
      cacheGroups: {
        shared: {
          test: /labextension[\\/]lib[\\/](api|model|parts)[\\/](?!archive)/,
          name: 'shared',
          chunks: 'async',
          enforce: true
        }
      }
    }
  }
};
