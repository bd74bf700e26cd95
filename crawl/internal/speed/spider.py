"""The site of speed, crawled by Scrapy: robots.txt on, every body to disk.

scrapy runspider spider.py -a start=http://127.0.0.1:8901/list/0 -a folder=DIR
"""
import hashlib
import os

import scrapy


class Spider(scrapy.Spider):
    name = "speed"
    custom_settings = {
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
    }

    def __init__(self, start, folder, **kwargs):
        super().__init__(**kwargs)
        self.start_urls = [start]
        self.folder = folder

    def parse(self, response):
        name = hashlib.sha1(response.url.encode()).hexdigest()
        with open(os.path.join(self.folder, name), "wb") as f:
            f.write(response.body)
        yield from response.follow_all(css="a::attr(href)")
